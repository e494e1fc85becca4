"""What a serialized proto file says about itself as a whole, read without parsing the elements in it.

The parser of the library reads it: into a message that knows these fields of ``FileDescriptorProto`` alone and passes
over all others, which is several times as fast as reading the whole.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from google.protobuf import message_factory
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool

# buf's ImageFileExtension in FileDescriptorProto, and in that ``is_import`` (buf/alpha/image/v1/image.proto).
BUF_EXTENSION, _IS_IMPORT = 8042, 1
IS_IMPORT = b"\xd2\xf6\x03\x02\x08\x01"
"""What buf appends to a file that the workspace only uses: rules pass it over."""

_SINGLE, _FLAG = FieldDescriptorProto.LABEL_OPTIONAL, FieldDescriptorProto.TYPE_BOOL
_MESSAGE = FieldDescriptorProto.TYPE_MESSAGE


@dataclass(frozen=True, slots=True)
class Outline:
    """A file as a whole.

    Attributes:
        path: Its path within the workspace.
        package: Its package.
        dependencies: Paths of the files that it imports.
        is_import: Whether buf noted that the workspace only uses it.
    """

    path: str
    package: str
    dependencies: tuple[str, ...]
    is_import: bool


def outline(raw: bytes) -> Outline:
    """The outline of a serialized ``FileDescriptorProto``.

    Raises:
        google.protobuf.message.DecodeError: It is none.
    """
    found = _reader().FromString(raw)
    return Outline(found.name, found.package, tuple(found.dependency), found.buf.is_import)


@functools.cache
def _reader() -> Any:
    """The class of the message; ``Any``, as the library makes it when it is asked."""
    descriptor, file = FileDescriptorProto(), FileDescriptorProto(name="treaty/outline.proto", syntax="proto3")
    FileDescriptorProto.DESCRIPTOR.file.CopyToProto(descriptor)
    declared = next(each for each in descriptor.message_type if each.name == "FileDescriptorProto")
    note, whole = file.message_type.add(name="Note"), file.message_type.add(name="Outline")
    whole.field.extend(field for field in declared.field if field.name in ("name", "package", "dependency"))
    whole.field.add(name="buf", number=BUF_EXTENSION, type=_MESSAGE, label=_SINGLE, type_name=".Note")
    note.field.add(name="is_import", number=_IS_IMPORT, type=_FLAG, label=_SINGLE)
    pool = DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("Outline"))
