"""Tarballs and zip files, of which only the wanted files are read, within bounds.

Nothing is ever unpacked to a disk, links and devices are no files here, and all that is decompressed counts.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import mmap
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import IO, cast

from servanda.configuration import DEFAULT_LIMITS, Limits
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
    try:
        found = dict(members(path, Members(reference.text, limits), lambda name: name.endswith(wanted)))
    except OSError as error:
        raise InterfaceError(f"cannot be read: {error.strerror or error}", where=reference.text) from error
    except _DAMAGED as error:
        raise InterfaceError(f"no {reference.format} archive: {error}", where=reference.text) from error
    contents = {
        PurePosixPath(*parts[strip:]).as_posix(): data
        for name, data in found.items()
        if len(parts := _parts(name, reference)) > strip
    }
    tree = ContentTree(reference.location, contents)
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


def _tarred(path: Path, members: Members, wanted: _Wanted) -> Iterator[tuple[str, bytes]]:
    with path.open("rb") as file:
        magic = file.read(8)
        file.seek(0)
        opened = next((how for start, how in _COMPRESSIONS.items() if magic.startswith(start)), None)
        content = cast("IO[bytes]", opened(file)) if opened is not None else file
        counted = BoundedReader(content, members)
        # As a stream: what is not wanted is passed over once, and nobody can be sent back to it.
        with tarfile.open(fileobj=cast("IO[bytes]", counted), mode="r|") as archive:
            for member in archive:
                members.count()
                if member.isfile() and wanted(member.name):
                    members.expect(member.size)
                    extracted = archive.extractfile(member)
                    yield member.name, extracted.read() if extracted is not None else b""


def _zipped(path: Path, members: Members, wanted: _Wanted) -> Iterator[tuple[str, bytes]]:
    _count_entries(path, members)
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.is_dir() or not wanted(member.filename):
                continue
            if member.compress_type not in _METHODS:
                raise zipfile.BadZipFile(f"'{member.filename}' is compressed with method {member.compress_type}")
            members.take(member.file_size)
            with archive.open(member) as file:
                # What it says, whatever it unpacks to: without a number the library unpacks all of it at once.
                yield member.filename, file.read(member.file_size)


def _count_entries(path: Path, members: Members) -> None:
    """Count before the library does, which makes an object of each."""
    with path.open("rb") as file:
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
