"""Tarballs and zip files, of which only the wanted files are read, within bounds.

Nothing is ever unpacked to a disk, links and devices are no files here, and all that is decompressed counts.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import mmap
import posixpath
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import IO, BinaryIO, cast

from servanda.configuration import DEFAULT_LIMITS, Limits
from servanda.documents import open_file
from servanda.errors import InterfaceError
from servanda.interfaces.inputs.bounded import BoundedReader, Members
from servanda.interfaces.inputs.reference import InputFormat, Reference
from servanda.interfaces.inputs.source import Source
from servanda.interfaces.trees import ContentTree

_PROTOS = (".proto", "buf.yaml", "buf.work.yaml")
_ZIP_ENTRY = b"PK\x01\x02"
_COMPRESSIONS: Mapping[bytes, Callable[[IO[bytes]], object]] = MappingProxyType(
    {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\0": lzma.open}
)
# What other tools write, and what can be read piece by piece.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_Wanted = Callable[[str], bool]


def open_archive(
    reference: Reference, cwd: Path, wanted: tuple[str, ...] = _PROTOS, limits: Limits = DEFAULT_LIMITS
) -> Source:
    """Read the sources in an archive.

    Args:
        reference: The archive.
        cwd: Folder that its path is relative to.
        wanted: How names of files end that are read.
        limits: How many files it may have, and how many bytes it may unpack to.

    Raises:
        InterfaceError: It cannot be read, or has no such folder.
        LimitError: It is larger than the limits allow.
    """
    path = cwd / reference.location
    strip = _number(reference, "strip_components")
    members = _zipped if reference.format is InputFormat.ZIP else _tarred
    found: dict[str, bytes] = {}
    links: dict[str, str] = {}
    try:
        with open_file(path, reference.text, InterfaceError) as file:
            for member in members(file, Members(reference.text, limits), lambda name: name.endswith(wanted)):
                parts = _parts(member.name, reference)
                if len(parts) > strip:
                    name = PurePosixPath(*parts[strip:]).as_posix()
                    if member.target is None:
                        found[name] = member.content
                    else:
                        links[name] = member.target
    except OSError as error:
        raise InterfaceError(f"cannot be read: {error.strerror or error}", where=reference.text) from error
    except _DAMAGED as error:
        raise InterfaceError(f"no {reference.format} archive: {error}", where=reference.text) from error
    tree = ContentTree(reference.location, found, links)
    folder = PurePosixPath(reference.options.get("subdir", ".")).as_posix()
    if not tree.has_folder(folder):
        raise InterfaceError(f"the archive holds no {wanted[0][1:]} file below '{folder}'", where=reference.text)
    return Source(tree, folder)


# Zip files raise a bare RuntimeError for a password and NotImplementedError for what is too new.
_DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    ValueError,
    OverflowError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class _Member:
    """A file of an archive, or a link.

    Attributes:
        target: Where the link leads, from the folder that it lies in; ``None`` of a file.
    """

    name: str
    content: bytes = b""
    target: str | None = None


def _tarred(file: BinaryIO, members: Members, wanted: _Wanted) -> Iterator[_Member]:
    magic = file.read(8)
    file.seek(0)
    opened = next((how for start, how in _COMPRESSIONS.items() if magic.startswith(start)), None)
    content = cast("IO[bytes]", opened(file)) if opened is not None else file
    counted = BoundedReader(content, members)
    # As a stream: what is not wanted is passed over once, and nobody can be sent back to it.
    with tarfile.open(fileobj=cast("IO[bytes]", counted), mode="r|") as archive:
        for member in archive:
            members.count()
            # Also what is not wanted: the library would read on and on, past the end of the file.
            members.expect(member.size)
            counted.begin(member.size)
            if member.issym():
                yield _Member(member.name, target=member.linkname)
            elif member.islnk():
                # Its target is written from the root of the archive.
                target = posixpath.relpath(member.linkname, posixpath.dirname(member.name) or ".")
                yield _Member(member.name, target=target)
            elif member.isfile() and wanted(member.name):
                members.wanted(member.name, member.size)
                if member.issparse():  # its holes are in no archive, but in the memory
                    members.take(member.size)
                extracted = archive.extractfile(member)
                yield _Member(member.name, extracted.read() if extracted is not None else b"")


def _zipped(file: BinaryIO, members: Members, wanted: _Wanted) -> Iterator[_Member]:
    _count_entries(file, members)
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            # The upper half holds the mode, if it was packed where files have one.
            is_link = stat.S_ISLNK(member.external_attr >> 16)
            if not is_link and (member.is_dir() or not wanted(member.filename)):
                continue
            if member.compress_type not in _METHODS:
                raise zipfile.BadZipFile(f"'{member.filename}' is compressed with method {member.compress_type}")
            members.wanted(member.filename, member.file_size)
            members.take(member.file_size)
            with archive.open(member) as packed:
                # What it says, whatever it unpacks to: without a number the library unpacks all of it at once.
                content = packed.read(member.file_size)
            if is_link:
                yield _Member(member.filename, target=content.decode("utf-8", "surrogateescape"))
            else:
                yield _Member(member.filename, content)


def _count_entries(file: BinaryIO, members: Members) -> None:
    """Count before the library does, which makes an object of each."""
    if not file.seek(0, 2):
        raise zipfile.BadZipFile("it is empty")
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        position = content.find(_ZIP_ENTRY)
        while position >= 0:
            members.count()
            position = content.find(_ZIP_ENTRY, position + 1)


def _parts(name: str, reference: Reference) -> tuple[str, ...]:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise InterfaceError(f"the archive holds '{name}', which lies outside of it", where=reference.text)
    return path.parts


def _number(reference: Reference, option: str) -> int:
    text = reference.options.get(option, "0")
    if not (text.isdecimal() and len(text) < 10):
        raise InterfaceError(f"option '{option}' must be a number, found '{text}'", where=reference.text)
    return int(text)
