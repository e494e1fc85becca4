"""Outline of a serialized proto file, read without parsing the elements in it.

The parser of the library reads it: into a message that knows these fields of ``FileDescriptorProto`` alone and passes
over all others, which is several times as fast as reading the whole.
"""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

from google.protobuf import message_factory
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool

from servanda.interfaces.protobuf.schema.frames import header

# buf's ImageFileExtension in FileDescriptorProto, and in that ``is_import`` (buf/alpha/image/v1/image.proto).
_BUF_EXTENSION, _IS_IMPORT = 8042, 1
IS_IMPORT = b"\xd2\xf6\x03\x02\x08\x01"
"""What buf appends to a file that the workspace only uses: rules pass it over."""

# Since edition 2024; a library from before it does not name the field.
_OPTION_DEPENDENCY = 15
_SOURCE = FileDescriptorProto.SOURCE_CODE_INFO_FIELD_NUMBER
_ONE, _MANY = FieldDescriptorProto.LABEL_OPTIONAL, FieldDescriptorProto.LABEL_REPEATED
_TEXT, _DATA, _FLAG = FieldDescriptorProto.TYPE_STRING, FieldDescriptorProto.TYPE_BYTES, FieldDescriptorProto.TYPE_BOOL
_WHOLE = (
    (FileDescriptorProto.NAME_FIELD_NUMBER, "name", _ONE, _TEXT),
    (FileDescriptorProto.PACKAGE_FIELD_NUMBER, "package", _ONE, _TEXT),
    (FileDescriptorProto.DEPENDENCY_FIELD_NUMBER, "dependency", _MANY, _TEXT),
    (_OPTION_DEPENDENCY, "option_dependency", _MANY, _TEXT),
    (_SOURCE, "source", _ONE, _DATA),
    (_BUF_EXTENSION, "buf", _ONE, _DATA),
)
_NONE: frozenset[str] = frozenset()
_NOTE = ((_IS_IMPORT, "is_import", _ONE, _FLAG),)


class Outline(NamedTuple):
    """A file as a whole.

    Attributes:
        path: Its path within the workspace.
        package: Its package.
        dependencies: Paths of the files that it imports, those among them that it imports for their options only.
        option_dependencies: Paths of the latter.
        is_import: Whether buf noted that the workspace only uses it.
    """

    path: str
    package: str
    dependencies: tuple[str, ...]
    option_dependencies: frozenset[str]
    is_import: bool


def outline(raw: bytes) -> Outline:
    """Return the outline of a serialized ``FileDescriptorProto``.

    Raises:
        google.protobuf.message.DecodeError: It is none.
        UnicodeDecodeError: A name in it is no UTF-8.
    """
    whole, note = _readers()
    found = whole.FromString(raw)
    is_import = bool(found.buf) and note.FromString(found.buf).is_import
    options = found.option_dependency
    dependencies = (*found.dependency, *options)
    return Outline(found.name, found.package, dependencies, frozenset(options) if options else _NONE, is_import)


def require_memory(error: Exception) -> None:
    """Tell a message for which there was no memory from one that is malformed: the library raises the same of both.

    Raises:
        MemoryError: There was none.
    """
    if "alloc failed" in str(error):
        raise MemoryError from error


def source(raw: bytes) -> bytes:
    """Return the serialized ``SourceCodeInfo`` of a serialized file; empty if it has none.

    Raises:
        google.protobuf.message.DecodeError: This is no file.
    """
    data: bytes = _readers()[0].FromString(raw).source
    return data


def content(raw: bytes) -> bytes:
    """Return a serialized file without what says where it says it: source positions and comments, and what buf notes.

    Raises:
        google.protobuf.message.DecodeError: This is no file.
    """
    found = _readers()[0].FromString(raw)
    kept = _without(raw, _SOURCE, found.source) if found.HasField("source") else raw
    return _without(kept, _BUF_EXTENSION, found.buf) if found.HasField("buf") else kept


def _without(raw: bytes, number: int, value: bytes) -> bytes:
    field = header(number, len(value)) + value
    # Both are written behind the elements, which are most of what could be searched.
    begin = raw.rfind(field)
    return raw[:begin] + raw[begin + len(field) :] if begin >= 0 else raw


@functools.cache
def _readers() -> tuple[Any, Any]:
    """Return the classes of the whole and of buf's note; ``Any``, as the library makes them when it is asked."""
    file = FileDescriptorProto(name="servanda/outline.proto", syntax="proto2")
    for name, declared in (("Outline", _WHOLE), ("Note", _NOTE)):
        message = file.message_type.add(name=name)
        for number, field, label, kind in declared:
            message.field.add(number=number, name=field, label=label, type=kind)
    pool = DescriptorPool()
    pool.Add(file)
    whole, note = (message_factory.GetMessageClass(pool.FindMessageTypeByName(name)) for name in ("Outline", "Note"))
    return whole, note
