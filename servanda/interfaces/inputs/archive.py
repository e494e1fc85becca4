"""Tarballs and zip files."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from servanda.errors import InterfaceError
from servanda.interfaces.inputs.reference import InputFormat, Reference
from servanda.interfaces.inputs.source import Source
from servanda.interfaces.trees import ContentTree

_PROTOS = (".proto", "buf.yaml", "buf.work.yaml")


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
    try:
        content = path.read_bytes()
        found = {name: data for name, data in members(content) if name.endswith(wanted)}
    except OSError as error:
        raise InterfaceError(f"cannot be read: {error.strerror or error}", where=reference.text) from error
    except (tarfile.TarError, zipfile.BadZipFile, EOFError) as error:
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


def _tarred(content: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None:
                yield member.name, file.read()


def _zipped(content: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                yield member.filename, archive.read(member)


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
