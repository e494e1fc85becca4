"""Message classes and methods of one state of a protobuf interface."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

# Their options are known to the default pool, and so are readable in descriptors of every other pool.
from google.api import annotations_pb2, field_behavior_pb2  # isort: skip

HTTP = annotations_pb2.http
BEHAVIOR = field_behavior_pb2.field_behavior
REQUIRED = field_behavior_pb2.REQUIRED
OUTPUT_ONLY = field_behavior_pb2.OUTPUT_ONLY
INPUT_ONLY = field_behavior_pb2.INPUT_ONLY


def messages_in(field: Any, value: Any) -> tuple[Any, ...]:
    """Return the messages that a field holds, those of a list and of the values of a map included."""
    kind = field.message_type
    if kind is None:
        return ()
    if kind.GetOptions().map_entry:
        return tuple(value.values()) if kind.fields_by_name["value"].message_type is not None else ()
    return tuple(value) if field.is_repeated else (value,)


class Types:
    """The types of a descriptor set, in a pool of their own.

    Args:
        image: All files with what they import.
    """

    def __init__(self, image: descriptor_pb2.FileDescriptorSet) -> None:
        self.image = image
        self.pool = descriptor_pool.DescriptorPool()
        for file in image.file:
            self.pool.Add(file)

    # Any: the classes exist at run time only.
    def message(self, name: str) -> Any | None:
        """Return the class of a message; ``None`` if there is none of this name."""
        try:
            return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(name))
        except KeyError:
            return None

    def method(self, path: str) -> Any | None:
        """Return a method by its path ``package.Service/Method``; ``None`` if there is none."""
        service, _, method = path.partition("/")
        try:
            return self.pool.FindServiceByName(service).methods_by_name.get(method)
        except KeyError:
            return None

    def methods(self) -> Iterator[Any]:
        """Yield all methods."""
        for file in self.image.file:
            for service in file.service:
                name = f"{file.package}.{service.name}" if file.package else service.name
                yield from self.pool.FindServiceByName(name).methods
