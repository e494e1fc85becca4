"""Source positions of one file (``google.protobuf.SourceCodeInfo``), decoded only where somebody looks."""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf.descriptor_pb2 import SourceCodeInfo

from servanda.interfaces.protobuf.schema.frames import frames, values

# What a writer begins a location with: its path, packed, of less than 128 bytes.
_PATH_TAG = SourceCodeInfo.Location.PATH_FIELD_NUMBER << 3 | 2


class Positions:
    """Places of elements by source path."""

    def __init__(self, serialized: bytes) -> None:
        self._serialized = serialized
        self._known: dict[bytes, tuple[int, int]] = {}
        self._rest = self._locations()

    def find(self, path: tuple[int, ...]) -> tuple[int, ...] | None:
        """Return the span as ``SourceCodeInfo.Location`` has it; ``None`` for what is not written.

        The first location of a path wins: repeated ones are the parts of an extend block or option list.
        """
        wanted = _packed(path)
        if wanted not in self._known:
            for found, place in self._rest:
                self._known.setdefault(found, place)
                if found == wanted:
                    break
        if wanted not in self._known:
            return None
        start, end = self._known[wanted]
        return tuple(SourceCodeInfo.Location.FromString(self._serialized[start:end]).span)

    def _locations(self) -> Iterator[tuple[bytes, tuple[int, int]]]:
        """Yield the path of each location as it is serialized, with begin and end of the location."""
        data = self._serialized
        for start, end in values(data):
            if end - start > 2 and data[start] == _PATH_TAG and data[start + 1] < 0x80:
                yield data[start + 2 : start + 2 + data[start + 1]], (start, end)
            else:
                yield _packed(tuple(SourceCodeInfo.Location.FromString(data[start:end]).path)), (start, end)


def _packed(path: tuple[int, ...]) -> bytes:
    if all(number < 0x80 for number in path):
        return bytes(path)
    serialized = SourceCodeInfo.Location(path=path).SerializeToString()
    return serialized[next(iter(frames(serialized))).value :]
