"""Rules about a file: that it stays, keeps its package and syntax, and generates code under the same names."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileOptions

from servanda.compatibility.rules.rule import Comparison, Handler, Objection, Pair, at_file
from servanda.compatibility.schema import File
from servanda.compatibility.schema.features import syntax

_PACKAGE = FileDescriptorProto.PACKAGE_FIELD_NUMBER
_OPTIONS = FileDescriptorProto.OPTIONS_FIELD_NUMBER
_SYNTAX = FileDescriptorProto.SYNTAX_FIELD_NUMBER


def no_delete(comparison: Comparison) -> Iterator[Objection]:
    """Files that are gone."""
    for path in comparison.previous.files:
        if path not in comparison.current.files:
            yield Objection("", None, path, f"File {path!r} was deleted.", path)


def same_package(pair: Pair[File]) -> Iterator[Objection]:
    """A package that is called otherwise."""
    yield from _same(pair, "package", lambda file: file.package, _PACKAGE)


def same_syntax(pair: Pair[File]) -> Iterator[Objection]:
    """Another syntax, which changes presence, openness of enums and encoding."""
    yield from _same(pair, "syntax", lambda file: syntax(file.proto), _SYNTAX)


def same_option(name: str) -> Handler:
    """The handler for a file option that has to stay as it is."""
    number = FileOptions.DESCRIPTOR.fields_by_name[name].number

    def handler(pair: Pair[File]) -> Iterator[Objection]:
        yield from _same(pair, f"option {name!r}", lambda file: _shown(file, name), _OPTIONS, number)

    return handler


def _shown(file: File, name: str) -> str:
    value: object = getattr(file.proto.options, name)
    field = FileOptions.DESCRIPTOR.fields_by_name[name]
    if field.enum_type is not None:
        return str(field.enum_type.values_by_number[int(str(value))].name)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _same(pair: Pair[File], what: str, read: Callable[[File], str], *place: int) -> Iterator[Objection]:
    before, after = read(pair.previous), read(pair.current)
    if before != after:
        yield at_file(pair, f"The file's {what} changed from {before!r} to {after!r}.", *place)
