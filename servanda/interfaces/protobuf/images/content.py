"""Serialized images (``google.protobuf.FileDescriptorSet``), taken apart without parsing their files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.message import DecodeError

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.schema import File
from servanda.interfaces.protobuf.schema.frames import frames, header
from servanda.interfaces.protobuf.schema.outline import require_memory

_FILE = FileDescriptorSet.FILE_FIELD_NUMBER


def raw_files(image: bytes | memoryview) -> Iterator[bytes]:
    """Yield the serialized files of an image.

    Raises:
        ValueError: This is no image.
    """
    for frame in frames(image):
        if frame.number != _FILE or frame.value == frame.start + 1:
            raise ValueError(f"field {frame.number} at byte {frame.start} is not one of an image")
        yield bytes(image[frame.value : frame.end])


def files_of(image: bytes, where: str) -> tuple[File, ...]:
    """Return the files of an image; those that buf marks as imports are imports.

    Raises:
        InterfaceError: This is no image, or it lacks a file that one of its files imports.
    """
    try:
        files = tuple(File(raw) for raw in raw_files(image))
        for file in files:
            file.imported = file.is_marked_as_import
        _require_complete(files, where)
    except (ValueError, DecodeError) as error:
        require_memory(error)
        raise InterfaceError(
            f"no descriptor image: {error}", where=where, hint="make it with 'buf build -o' or 'servanda release'"
        ) from error
    return files


def serialized(files: Iterable[File]) -> bytes:
    """Return an image of these files, each after those that it imports."""
    waiting = {file.path: file for file in files}
    ordered: list[File] = []
    for path in list(waiting):
        _append(path, waiting, ordered)
    return b"".join(joined(ordered))


def joined(files: Iterable[File]) -> Iterator[bytes]:
    """Yield the parts of an image of these files as they come."""
    for file in files:
        yield header(_FILE, len(file.raw))
        yield file.raw


def needed(files: Mapping[str, File], wanted: Iterable[str]) -> Mapping[str, File]:
    """Return the files that are wanted and those that they import, directly or through others, by path."""
    found: dict[str, File] = {}
    waiting = list(wanted)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = files[path]
            waiting += files[path].dependencies
    return found


def _append(path: str, waiting: dict[str, File], ordered: list[File]) -> None:
    # By hand instead of by recursion: chains of imports can be longer than the stack is deep.
    stack = [path]
    while stack:
        file = waiting.get(stack[-1])
        missing = [name for name in file.dependencies if name in waiting] if file is not None else []
        if missing and len(stack) <= len(waiting):
            stack.append(missing[0])
            continue
        stack.pop()
        if file is not None:
            ordered.append(waiting.pop(file.path))


def _require_complete(files: tuple[File, ...], where: str) -> None:
    known = {file.path for file in files}
    if not known or "" in known:
        raise ValueError("it names no file")
    for file in files:
        for dependency in file.dependencies:
            if dependency not in known and dependency not in file.option_dependencies:
                raise InterfaceError(
                    f"the image lacks '{dependency}', which '{file.path}' imports",
                    where=where,
                    hint="make it with all imports: 'buf build -o', or 'protoc --include_imports'",
                )
