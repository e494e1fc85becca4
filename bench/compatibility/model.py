"""A proto workspace that can be edited and written out as source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

SCALARS = (
    *("double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64"),
    *("fixed32", "fixed64", "sfixed32", "sfixed64", "bool", "string", "bytes"),
)


@dataclass
class Field:
    """A field; ``type`` is a scalar, or the key of a message or enum of the workspace."""

    name: str
    number: int
    type: str
    label: str = ""
    oneof: str = ""
    options: dict[str, str] = field(default_factory=dict)


@dataclass
class Enum:
    """An enum; values by name."""

    key: str
    name: str
    values: dict[str, int]
    reserved_numbers: list[tuple[int, int]] = field(default_factory=list)
    reserved_names: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)


@dataclass
class Message:
    """A message with all that is declared in it."""

    key: str
    name: str
    fields: list[Field] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    enums: list[Enum] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    reserved_numbers: list[tuple[int, int]] = field(default_factory=list)
    reserved_names: list[str] = field(default_factory=list)
    extension_ranges: list[tuple[int, int]] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)


@dataclass
class Extension:
    """An extension of a message of the workspace."""

    extendee: str
    field: Field


@dataclass
class Method:
    """An rpc; request and response are keys of messages."""

    name: str
    request: str
    response: str
    client_streaming: bool = False
    server_streaming: bool = False
    idempotency: str = ""


@dataclass
class Service:
    """A service."""

    name: str
    methods: list[Method] = field(default_factory=list)


@dataclass
class File:
    """A file. ``syntax`` is ``proto2``, ``proto3`` or ``2023``."""

    path: str
    syntax: str
    package: str
    options: dict[str, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    enums: list[Enum] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)


@dataclass
class Workspace:
    """All files."""

    files: list[File] = field(default_factory=list)

    def rendered(self) -> dict[str, str]:
        """Source by path."""
        return {file.path: _render(file, _Names(self.files[: n + 1])) for n, file in enumerate(self.files)}


def messages_of(file: File) -> Iterator[tuple[Message, list[Message]]]:
    """Yield every message at every depth, with the list that holds it."""
    waiting = [(message, file.messages) for message in file.messages]
    while waiting:
        message, holder = waiting.pop()
        yield message, holder
        waiting += [(inner, message.messages) for inner in message.messages]


def enums_of(file: File) -> Iterator[tuple[Enum, list[Enum]]]:
    """Yield every enum at every depth, with the list that holds it."""
    yield from ((enum, file.enums) for enum in file.enums)
    for message, _ in messages_of(file):
        yield from ((enum, message.enums) for enum in message.enums)


class _Names:
    """Full name and file of every message and enum that a file may use, by key: files use earlier files only."""

    def __init__(self, files: list[File]) -> None:
        self.full: dict[str, str] = {}
        self.home: dict[str, str] = {}
        for file in files:
            # A proto3 file cannot have fields of closed enums.
            foreign = files[-1].syntax == "proto3" != file.syntax
            self._take(file, file.messages, file.enums, file.package, with_enums=not foreign)

    def _take(self, file: File, messages: list[Message], enums: list[Enum], scope: str, *, with_enums: bool) -> None:
        for item in (*messages, *(enums if with_enums else ())):
            self.full[item.key] = f"{scope}.{item.name}"
            self.home[item.key] = file.path
        for message in messages:
            self._take(file, message.messages, message.enums, f"{scope}.{message.name}", with_enums=with_enums)


def _render(file: File, names: _Names) -> str:
    body: list[str] = []
    for option, value in file.options.items():
        body.append(f"option {option} = {value};")
    body += [line for enum in file.enums for line in _enum(enum, file.syntax)]
    body += [line for message in file.messages for line in _message(message, names, file.syntax)]
    body += [line for extension in file.extensions for line in _extension(extension, names)]
    body += [line for service in file.services for line in _service(service, names)]
    head = f'edition = "{file.syntax}";' if file.syntax == "2023" else f'syntax = "{file.syntax}";'
    imports = sorted({names.home[key] for key in _used(file) if key in names.home} - {file.path})
    return "\n".join([head, f"package {file.package};", *(f'import "{path}";' for path in imports), *body, ""])


def _used(file: File) -> Iterator[str]:
    for message, _ in messages_of(file):
        yield from (each.type for each in message.fields)
        yield from (part for each in message.extensions for part in (each.extendee, each.field.type))
    yield from (part for each in file.extensions for part in (each.extendee, each.field.type))
    for service in file.services:
        yield from (part for method in service.methods for part in (method.request, method.response))


def _message(message: Message, names: _Names, syntax: str) -> list[str]:
    lines = [f"message {message.name} {{"]
    lines += [f"  option {option} = {value};" for option, value in message.options.items()]
    lines += [f"  reserved {_ranges(message.reserved_numbers)};"] if message.reserved_numbers else []
    lines += [f"  reserved {_names(message.reserved_names, syntax)};"] if message.reserved_names else []
    lines += [f"  extensions {_ranges(message.extension_ranges)};"] if message.extension_ranges else []
    lines += [f"  {line}" for enum in message.enums for line in _enum(enum, syntax)]
    lines += [f"  {line}" for inner in message.messages for line in _message(inner, names, syntax)]
    lines += [f"  {line}" for extension in message.extensions for line in _extension(extension, names)]
    lines += [f"  {_field(each, names)}" for each in message.fields if not each.oneof]
    for oneof in dict.fromkeys(each.oneof for each in message.fields if each.oneof):
        members = [f"    {_field(each, names)}" for each in message.fields if each.oneof == oneof]
        lines += [f"  oneof {oneof} {{", *members, "  }"]
    return [*lines, "}"]


def _field(item: Field, names: _Names) -> str:
    kind = f".{names.full[item.type]}" if item.type in names.full else item.type
    if kind not in SCALARS and not kind.startswith("."):
        kind = "int32"
    label = "" if item.oneof else item.label
    start = f"map<string, {kind}>" if label == "map" else f"{label} {kind}".strip()
    return f"{start} {item.name} = {item.number}{_options(item.options)};"


def _extension(extension: Extension, names: _Names) -> list[str]:
    if extension.extendee not in names.full:
        return []
    return [f"extend .{names.full[extension.extendee]} {{", f"  {_field(extension.field, names)}", "}"]


def _enum(enum: Enum, syntax: str) -> list[str]:
    lines = [f"enum {enum.name} {{"]
    lines += [f"  option {option} = {value};" for option, value in enum.options.items()]
    lines += [f"  reserved {_ranges(enum.reserved_numbers)};"] if enum.reserved_numbers else []
    lines += [f"  reserved {_names(enum.reserved_names, syntax)};"] if enum.reserved_names else []
    lines += [f"  {name} = {number};" for name, number in enum.values.items()]
    return [*lines, "}"]


def _service(service: Service, names: _Names) -> list[str]:
    lines = [f"service {service.name} {{"]
    for method in service.methods:
        if method.request in names.full and method.response in names.full:
            request = f"{'stream ' if method.client_streaming else ''}.{names.full[method.request]}"
            response = f"{'stream ' if method.server_streaming else ''}.{names.full[method.response]}"
            tail = f" {{ option idempotency_level = {method.idempotency}; }}" if method.idempotency else ";"
            lines.append(f"  rpc {method.name}({request}) returns ({response}){tail}")
    return [*lines, "}"]


def _ranges(ranges: list[tuple[int, int]]) -> str:
    return ", ".join(str(start) if start == end else f"{start} to {end}" for start, end in ranges)


def _names(names: list[str], syntax: str) -> str:
    return ", ".join(name if syntax == "2023" else f'"{name}"' for name in names)


def _options(options: Mapping[str, str]) -> str:
    return f" [{', '.join(f'{name} = {value}' for name, value in options.items())}]" if options else ""
