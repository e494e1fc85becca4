"""Images that were compiled before, kept by the content of their sources."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.metadata
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_KEPT = 32


@dataclass(frozen=True, slots=True)
class Compiled:
    """An image with the sources that it was compiled from.

    Attributes:
        image: The serialized image with source positions and imports.
        digests: Digest of the source by path; the files that it imports from elsewhere are not among them.
    """

    image: bytes
    digests: Mapping[str, str]


class ImageCache:
    """A folder of images; one that cannot be written to, or holds something else, only costs time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._recent: Compiled | None = None

    def same(self, digests: Mapping[str, str]) -> Compiled | None:
        """The image of exactly these sources."""
        return self._read(identity(digests))

    def latest(self, place: str) -> Compiled | None:
        """The image that was last compiled for a place; of a new place, the one that was compiled just before."""
        try:
            return self._read(self._pointer(place).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return self._recent

    def keep(self, place: str, compiled: Compiled) -> None:
        """Keep an image, and note that it is the latest of a place; the oldest ones go."""
        self._recent = compiled
        name = identity(compiled.digests)
        sources = json.dumps(dict(compiled.digests), separators=(",", ":")).encode()
        checksum = hashlib.sha256(compiled.image).hexdigest().encode()
        with contextlib.suppress(OSError):
            if not self._file(name).exists():
                self._write(self._file(name), b"\n".join((checksum, sources, compiled.image)))
            self._write(self._pointer(place), name.encode())
            files = sorted(self._folder.glob("*.image"), key=lambda file: file.stat().st_mtime)
            for old in files[:-_KEPT]:
                old.unlink(missing_ok=True)

    def _read(self, name: str) -> Compiled | None:
        try:
            checksum, sources, image = self._file(name).read_bytes().split(b"\n", 2)
            if hashlib.sha256(image).hexdigest().encode() != checksum:
                return None
            os.utime(self._file(name))
            return Compiled(image, json.loads(sources))
        except (OSError, ValueError):
            return None

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.image"

    def _pointer(self, place: str) -> Path:
        return self._folder / f"{hashlib.sha256(place.encode()).hexdigest()[:32]}.latest"

    def _write(self, file: Path, content: bytes) -> None:
        # Another process may read it meanwhile: it sees the whole file or none.
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as scratch:
            scratch.write(content)
        Path(scratch.name).replace(file)


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Where images are kept: ``TREATY_CACHE``, else below the user's cache folder."""
    chosen = environ.get("TREATY_CACHE")
    if chosen:
        return Path(chosen)
    return Path(environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser(), "treaty")


def identity(digests: Mapping[str, str]) -> str:
    """A name for these sources as this version of the compiler sees them."""
    lines = [_toolchain(), *(f"{path}\0{digest}" for path, digest in sorted(digests.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


@functools.cache
def _toolchain() -> str:
    packages = ("grpcio-tools", "googleapis-common-protos", "protovalidate")
    return " ".join(f"{package} {importlib.metadata.version(package)}" for package in packages)
