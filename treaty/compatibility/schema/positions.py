"""Source positions of one file (``google.protobuf.SourceCodeInfo``), decoded only where somebody looks."""

from __future__ import annotations

from functools import cached_property

from google.protobuf.descriptor_pb2 import SourceCodeInfo

from treaty.compatibility.schema.frames import frames, values

# What a writer begins a location with: its path, packed, of less than 128 bytes.
_PATH_TAG = SourceCodeInfo.Location.PATH_FIELD_NUMBER << 3 | 2


class Positions:
    """Where things are written, by source path."""

    def __init__(self, serialized: bytes) -> None:
        self._serialized = serialized

    def find(self, path: tuple[int, ...]) -> tuple[int, ...] | None:
        """The span as ``SourceCodeInfo.Location`` has it: three or four numbers; ``None`` for what is not written.

        The first location of a path wins: repeated ones are the parts of an extend block or option list.
        """
        found = self._index.get(_packed(path))
        if found is None:
            return None
        return tuple(SourceCodeInfo.Location.FromString(self._serialized[found[0] : found[1]]).span)

    @cached_property
    def _index(self) -> dict[bytes, tuple[int, int]]:
        """Begin and end of each location, by its path as it is serialized."""
        data = self._serialized
        index: dict[bytes, tuple[int, int]] = {}
        for start, end in values(data):
            if end - start > 2 and data[start] == _PATH_TAG and data[start + 1] < 0x80:
                path = data[start + 2 : start + 2 + data[start + 1]]
            else:
                path = _packed(tuple(SourceCodeInfo.Location.FromString(data[start:end]).path))
            if path not in index:
                index[path] = (start, end)
        return index


def _packed(path: tuple[int, ...]) -> bytes:
    if all(number < 0x80 for number in path):
        return bytes(path)
    serialized = SourceCodeInfo.Location(path=path).SerializeToString()
    return serialized[next(iter(frames(serialized))).value :]
