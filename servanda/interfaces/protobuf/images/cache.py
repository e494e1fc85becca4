"""Images that were compiled before, kept by the content of their sources."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from servanda.extras import require
from servanda.interfaces.protobuf.images.content import joined, needed, raw_files
from servanda.interfaces.protobuf.schema import File
from servanda.interfaces.storage import Storage

# What an image is about stands before it, and the length of that before both, in as many digits.
_LENGTH = 8
# Of a state of which less than this part is new, only that is kept, beside the image of which it has the rest.
_NEW = 0.25


@dataclass(frozen=True, slots=True)
class Compiled:
    """Files with the sources that they were compiled from.

    Attributes:
        digests: Digest of the source by path; the files that these import from elsewhere are not among them.
        files: All these and those that they import, by path, with source positions.
        whole: Name of the image that has all of them but a few; empty if none has.
        of_whole: The files of that image.
    """

    digests: Mapping[str, str]
    files: Mapping[str, File]
    whole: str = ""
    of_whole: Mapping[str, File] = field(default_factory=dict)


class ImageCache:
    """Images in a folder."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._recent: Compiled | None = None

    def same(self, digests: Mapping[str, str]) -> Compiled | None:
        """Return the files that exactly these sources were compiled to."""
        return self._read(identity(digests))

    def latest(self, place: str) -> Compiled | None:
        """Return what was last compiled for a place; of a new place, what was compiled just before."""
        pointer = self._storage.read(_pointer(place))
        return self._read(str(pointer, "ascii")) if pointer is not None else self._recent

    def keep(self, place: str, compiled: Compiled, earlier: Compiled | None = None) -> None:
        """Keep what was compiled, and note that it is the latest of a place.

        Args:
            place: Name of the place.
            compiled: What was compiled.
            earlier: What it was made from.
        """
        name = identity(compiled.digests)
        beneath = earlier.of_whole if earlier is not None else {}
        new = [file for path, file in compiled.files.items() if beneath.get(path) is not file]
        if earlier is not None and len(new) < _NEW * len(compiled.files):
            self._recent = replace(compiled, whole=earlier.whole, of_whole=beneath)
            self._write(name, compiled.digests, new, earlier.whole)
        else:
            self._recent = replace(compiled, whole=name, of_whole=compiled.files)
            self._write(name, compiled.digests, compiled.files.values(), "")
        self._storage.write(_pointer(place), name.encode())

    def _write(self, name: str, digests: Mapping[str, str], files: Iterable[File], whole: str) -> None:
        about = json.dumps({"sources": dict(digests), "whole": whole}, separators=(",", ":")).encode()
        self._storage.write(f"{name}.image", b"%08x" % len(about), about, *joined(files))

    def _read(self, name: str) -> Compiled | None:
        found = self._image(name)
        if found is None:
            return None
        about, files = found
        digests, whole = about["sources"], about["whole"]
        if not whole:
            return Compiled(digests, files, name, files)
        beneath = self._image(whole)
        if beneath is None or beneath[0]["whole"]:
            return None
        of_whole = beneath[1]
        known = {**of_whole, **files}
        return Compiled(digests, needed(known, digests), whole, of_whole)

    # ``Any``: JSON that was written above, and of which the seal is right.
    def _image(self, name: str) -> tuple[Any, dict[str, File]] | None:
        content = self._storage.read(f"{name}.image")
        if content is None:
            return None
        begin = _LENGTH + int(bytes(content[:_LENGTH]), 16)
        files = map(File, raw_files(content[begin:]))
        return json.loads(bytes(content[_LENGTH:begin])), {file.path: file for file in files}


def identity(digests: Mapping[str, str]) -> str:
    """Return a name for these sources as this version of the compiler sees them."""
    lines = [_toolchain(), *(f"{path}\0{digest}" for path, digest in sorted(digests.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def _pointer(place: str) -> str:
    return f"{hashlib.sha256(place.encode()).hexdigest()[:32]}.latest"


@functools.cache
def _toolchain() -> str:
    """Return names and versions of the packages that an image depends on, as the folders of their metadata say them."""
    packages = ("grpcio_tools", "googleapis_common_protos", "protovalidate")
    prefixes = tuple(f"{package}-" for package in packages)
    found = sorted(name for name in _installed() if name.startswith(prefixes) and name.endswith(".dist-info"))
    if len(found) == len(packages):
        return " ".join(found)
    require("protobuf")
    # Not every installer names them so. It takes as long to import as two thousand files take to look through.
    import importlib.metadata  # noqa: PLC0415

    return " ".join(f"{package} {importlib.metadata.version(package)}" for package in packages)


def _installed() -> Iterator[str]:
    for folder in filter(None, sys.path):
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            yield from (entry.name for entry in entries)
