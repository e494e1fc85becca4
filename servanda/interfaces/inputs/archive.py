"""Tarballs and zip files."""

from __future__ import annotations

import io
import lzma
import posixpath
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from servanda.documents import read_bytes
from servanda.errors import InterfaceError
from servanda.interfaces.inputs.reference import InputFormat, Reference
from servanda.interfaces.inputs.source import Source
from servanda.interfaces.trees import ContentTree

_PROTOS = (".proto", "buf.yaml", "buf.work.yaml")
_LARGEST = 512 * 1024 * 1024
"""Bytes of an archive, and of what it unpacks to."""
_DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    RuntimeError,
    NotImplementedError,
)


def open_archive(reference: Reference, cwd: Path, wanted: tuple[str, ...] = _PROTOS) -> Source:
    """The sources in an archive.

    Args:
        reference: The archive.
        cwd: Folder that its path is relative to.
        wanted: How names of files end that are read.

    Raises:
        InterfaceError: It cannot be read, or has no such folder.
    """
    path = cwd / reference.location
    strip = _number(reference, "strip_components")
    members = _zipped if reference.format is InputFormat.ZIP else _tarred
    found: dict[str, bytes] = {}
    links: dict[str, str] = {}
    budget = _Budget(reference.text)
    try:
        content = read_bytes(path, reference.text, _LARGEST, InterfaceError)
        for member in members(content, wanted, budget):
            parts = _parts(member.name, reference)
            if len(parts) > strip:
                name = PurePosixPath(*parts[strip:]).as_posix()
                if member.target is None:
                    found[name] = member.content
                else:
                    links[name] = member.target
    except (OSError, *_DAMAGED) as error:
        raise InterfaceError(f"no {reference.format} archive: {error}", where=reference.text) from error
    tree = ContentTree(reference.location, found, links)
    folder = PurePosixPath(reference.options.get("subdir", ".")).as_posix()
    if not tree.has_folder(folder):
        raise InterfaceError(f"the archive holds no {wanted[0][1:]} file below '{folder}'", where=reference.text)
    return Source(tree, folder)


@dataclass(frozen=True, slots=True)
class _Member:
    """A file of an archive, or a link.

    Attributes:
        target: Where the link leads, from the folder that it lies in; ``None`` of a file.
    """

    name: str
    content: bytes = b""
    target: str | None = None


@dataclass(slots=True)
class _Budget:
    """How many bytes may still be unpacked."""

    where: str
    left: int = _LARGEST

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise InterfaceError(f"unpacks to more than {_LARGEST:,} bytes, which is the limit", where=self.where)


def _tarred(content: bytes, wanted: tuple[str, ...], budget: _Budget) -> Iterator[_Member]:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            # Also what nobody wants is unpacked on the way to the next member.
            budget.take(member.size)
            if member.issym():
                yield _Member(member.name, target=member.linkname)
            elif member.islnk():
                # Its target is written from the root of the archive.
                target = posixpath.relpath(member.linkname, posixpath.dirname(member.name) or ".")
                yield _Member(member.name, target=target)
            elif member.isfile() and member.name.endswith(wanted):
                file = archive.extractfile(member)
                yield _Member(member.name, file.read() if file is not None else b"")


def _zipped(content: bytes, wanted: tuple[str, ...], budget: _Budget) -> Iterator[_Member]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            # The upper half holds the mode, if it was packed where files have one.
            is_link = stat.S_ISLNK(member.external_attr >> 16)
            if not is_link and (member.is_dir() or not member.filename.endswith(wanted)):
                continue
            budget.take(member.file_size)
            if is_link:
                yield _Member(member.filename, target=archive.read(member).decode("utf-8", "surrogateescape"))
            else:
                yield _Member(member.filename, archive.read(member))


def _parts(name: str, reference: Reference) -> tuple[str, ...]:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise InterfaceError(f"the archive holds '{name}', which lies outside of it", where=reference.text)
    return path.parts


def _number(reference: Reference, option: str) -> int:
    text = reference.options.get(option, "0")
    if not text.isdecimal():
        raise InterfaceError(f"option '{option}' must be a number, found '{text}'", where=reference.text)
    return int(text)
