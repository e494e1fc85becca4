"""The interface definitions that interactions refer to: compiled once per file, cut down to what one needs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2
from google.protobuf.message import Message

from servanda.errors import RecordingError
from servanda.interfaces.protobuf.compiler import compile_workspace
from servanda.pact.descriptors import Descriptors
from servanda.protobuf_runtime import is_repeated
from servanda.transports.grpc.streams import refusal

_ROOT_MARK = "buf.yaml"


@dataclass(frozen=True)
class Image:
    """A set of descriptors as a pact file carries it.

    Attributes:
        file: The definition that the interaction named, relative to its root.
        files: The descriptors.
    """

    file: str
    files: descriptor_pb2.FileDescriptorSet

    @cached_property
    def content(self) -> bytes:
        """Return the encoded set."""
        return self.files.SerializeToString(deterministic=True)

    @cached_property
    def key(self) -> str:
        """Return the key of the set in the pact file: its MD5 sum, as with the stock plugin."""
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()

    @cached_property
    def descriptors(self) -> Descriptors:
        """Return its types."""
        return Descriptors(self.files)

    def configuration(self) -> Mapping[str, Mapping[str, str]]:
        """Return what the pact file keeps of it."""
        encoded = base64.b64encode(self.content).decode()
        return {self.key: {"protoDescriptors": encoded, "protoFile": self.file}}


class Interfaces:
    """The compiled definitions of this process."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[Path, str], descriptor_pb2.FileDescriptorSet] = {}

    def compiled(self, file: Path, includes: Iterable[Path] = ()) -> tuple[str, descriptor_pb2.FileDescriptorSet]:
        """Name of a definition relative to its root, and its descriptors with all that it imports.

        Args:
            file: The definition.
            includes: Folders that imports are relative to. The closest one above the file is its own; if none is above
                it, the closest folder above it with a ``buf.yaml``.

        Raises:
            RecordingError: There is no such file.
            InterfaceError: It does not compile.
        """
        if not file.is_file():
            raise RecordingError("no such interface definition", where=str(file))
        folders = tuple(includes)
        root = root_of(file, folders)
        name = file.relative_to(root).as_posix()
        if (root, name) not in self._compiled:
            self._compiled[root, name] = compile_workspace(root, [name], folders)
        return name, self._compiled[root, name]


def root_of(file: Path, includes: Iterable[Path] = ()) -> Path:
    """Return the folder that the imports of a definition start from."""
    above = [folder for folder in includes if file.is_relative_to(folder)]
    if above:
        return max(above, key=lambda folder: len(folder.parts))
    return next((folder for folder in file.parents if (folder / _ROOT_MARK).is_file()), file.parent)


def image_for_method(name: str, files: descriptor_pb2.FileDescriptorSet, service: str, method: str) -> Image:
    """Return what one method needs: its service with this method alone, its messages and all that they hold.

    The service's name may lack the package. Positions, comments and options of other tools are left out, so that the
    contract stays the same while what it is about stays the same.

    Raises:
        RecordingError: There is no such service or method in the definition.
    """
    file = next(entry for entry in files.file if entry.name == name)
    described = next(
        (entry for entry in file.service if service in (entry.name, _full(file.package, entry.name))), None
    )
    if described is None:
        known = ", ".join(_full(file.package, entry.name) for entry in file.service) or "none"
        raise RecordingError(f"no service '{service}' in it", where=name, hint=f"its services: {known}")
    chosen = next((entry for entry in described.method if entry.name == method), None)
    if chosen is None:
        known = ", ".join(entry.name for entry in described.method)
        raise RecordingError(
            f"the service '{service}' has no method '{method}'", where=name, hint=f"its methods: {known}"
        )
    if why := refusal(f"{service}/{method}", client=chosen.client_streaming, server=chosen.server_streaming):
        raise RecordingError(why, where=name)
    full = _full(file.package, described.name)
    return _cut(name, files, {chosen.input_type, chosen.output_type}, (f".{full}", method))


def image_for_message(name: str, files: descriptor_pb2.FileDescriptorSet, message: str) -> Image:
    """Return what one message needs: itself and all that it holds. Its name may lack the package.

    Raises:
        RecordingError: There is no such message in the definition.
    """
    file = next(entry for entry in files.file if entry.name == name)
    own = [full for full, _ in _types(file)]
    wanted = message.lstrip(".")
    for full in (f".{wanted}", f".{_full(file.package, wanted)}"):
        if full in own:
            return _cut(name, files, {full}, None)
    raise RecordingError(f"no message '{message}' in it", where=name, hint=f"its messages: {', '.join(own)}")


def _full(package: str, name: str) -> str:
    return f"{package}.{name}" if package else name


def _types(file: descriptor_pb2.FileDescriptorProto) -> Iterator[tuple[str, Any]]:
    """Yield the messages and enums at the top of a file by their full names."""
    prefix = f".{file.package}" if file.package else ""
    entries: tuple[Any, ...] = (*file.message_type, *file.enum_type)
    for entry in entries:
        yield f"{prefix}.{entry.name}", entry


def _references(message: descriptor_pb2.DescriptorProto) -> Iterator[str]:
    for field in message.field:
        if field.type_name:
            yield field.type_name
    for nested in message.nested_type:
        yield from _references(nested)


def _needed(files: descriptor_pb2.FileDescriptorSet, roots: Iterable[str]) -> set[str]:
    """Return the full names of the top-level types that these types hold, themselves included."""
    known: dict[str, Any] = {}
    for file in files.file:
        known.update(_types(file))
    needed: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        while name not in known and "." in name.lstrip("."):
            name = name.rpartition(".")[0]  # a nested type comes with the one that it is in
        if name in needed or name not in known:
            continue
        needed.add(name)
        if isinstance(known[name], descriptor_pb2.DescriptorProto):
            waiting.extend(_references(known[name]))
    return needed


def _cut(
    name: str, files: descriptor_pb2.FileDescriptorSet, roots: Iterable[str], method: tuple[str, str] | None
) -> Image:
    needed = _needed(files, roots)
    homes = {full: file.name for file in files.file for full, _ in _types(file) if full in needed}
    image = descriptor_pb2.FileDescriptorSet()
    for file in files.file:
        if file.name == name or file.name in homes.values():
            kept = image.file.add()
            kept.CopyFrom(file)
            _cut_file(kept, needed, method if file.name == name else None)
            used = _used(kept, homes) - {file.name}
            del kept.dependency[:], kept.public_dependency[:], kept.weak_dependency[:]
            kept.dependency.extend(sorted(used))
    return Image(name, image)


def _cut_file(file: descriptor_pb2.FileDescriptorProto, needed: set[str], method: tuple[str, str] | None) -> None:
    prefix = f".{file.package}" if file.package else ""
    file.ClearField("source_code_info")
    file.ClearField("extension")
    _keep(file.message_type, lambda entry: f"{prefix}.{entry.name}" in needed)
    _keep(file.enum_type, lambda entry: f"{prefix}.{entry.name}" in needed)
    _keep(file.service, lambda entry: method is not None and f"{prefix}.{entry.name}" == method[0])
    for service in file.service:
        _keep(service.method, lambda entry: method is not None and entry.name == method[1])
    file.DiscardUnknownFields()
    _without_foreign_options(file)


def _keep(entries: Any, wanted: Any) -> None:
    kept = [entry for entry in entries if wanted(entry)]
    del entries[:]
    entries.extend(kept)


def _used(file: descriptor_pb2.FileDescriptorProto, homes: Mapping[str, str]) -> set[str]:
    names = {name for message in file.message_type for name in _references(message)}
    names |= {
        kind for service in file.service for entry in service.method for kind in (entry.input_type, entry.output_type)
    }
    found = set()
    for written in names:
        name = written
        while name not in homes and "." in name.lstrip("."):
            name = name.rpartition(".")[0]
        if name in homes:
            found.add(homes[name])
    return found


def _without_foreign_options(message: Message) -> None:
    """Drop the options that other tools declared: known as extensions or not known at all."""
    for described, value in message.ListFields():
        if described.is_extension:
            message.ClearExtension(described)  # type: ignore[arg-type]  # a descriptor of an extension serves as its key
        elif described.message_type is not None and is_repeated(described):
            for entry in value:
                _without_foreign_options(entry)
        elif described.message_type is not None:
            _without_foreign_options(value)
            if described.name == "options" and not value.ListFields():
                message.ClearField("options")
