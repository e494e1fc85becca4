"""Message classes from the descriptors that a pact carries, apart from every other descriptor in this process."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias, cast

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.message import DecodeError, Message

from servanda.errors import ContractError
from servanda.protobuf_runtime import is_repeated

if TYPE_CHECKING:
    from google._upb._message import Descriptor as NativeDescriptor
    from google._upb._message import FieldDescriptor as NativeFieldDescriptor

MessageType: TypeAlias = "Descriptor | NativeDescriptor"
"""Description of a message, whatever implements it."""
FieldType: TypeAlias = "FieldDescriptor | NativeFieldDescriptor"
"""Description of a field, whatever implements it."""


class Descriptors:
    """The types of one descriptor set.

    Raises:
        ContractError: The set contradicts itself or imports what it does not contain.
    """

    def __init__(self, files: descriptor_pb2.FileDescriptorSet) -> None:
        self._pool = descriptor_pool.DescriptorPool()
        try:
            for file in files.file:
                self._pool.Add(file)
            for file in files.file:
                self._pool.FindFileByName(file.name)
        except (TypeError, KeyError) as error:
            raise ContractError(f"the descriptors cannot be used: {error}") from error

    def message(self, name: str) -> type[Message]:
        """Return the class of a message by its full name, with or without a dot before it.

        Raises:
            ContractError: There is no such message.
        """
        try:
            found = self._pool.FindMessageTypeByName(name.lstrip("."))
        except KeyError:
            raise ContractError(f"the descriptors contain no message '{name}'") from None
        return message_class(found)

    def method(self, service: str, method: str) -> MethodDescriptor:
        """Return a method of a service, the service by its full name.

        Raises:
            ContractError: There is no such service or method.
        """
        try:
            found = self._pool.FindServiceByName(service.lstrip("."))
        except KeyError:
            raise ContractError(f"the descriptors contain no service '{service}'") from None
        if method not in found.methods_by_name:
            known = ", ".join(sorted(found.methods_by_name))
            raise ContractError(f"the service '{service}' has no method '{method}'", hint=f"its methods: {known}")
        return found.methods_by_name[method]


def message_class(descriptor: MessageType) -> type[Message]:
    """Return the class of the messages that this descriptor describes."""
    # The library's annotation knows only one of the two implementations.
    found: type[Message] = message_factory.GetMessageClass(cast("Descriptor", descriptor))
    return found


def holder_of(field: FieldType) -> MessageType:
    """Return the message that a field is part of."""
    holder: MessageType | None = field.containing_type
    assert holder is not None  # noqa: S101 - the annotation allows for descriptors that were never built
    return holder


def map_value(field: FieldType) -> FieldType | None:
    """Return the field of a map's values; ``None`` if the field is no map."""
    entry = field.message_type
    if not is_repeated(field) or entry is None or not entry.GetOptions().map_entry:
        return None
    return entry.fields_by_name["value"]


def decode(message: type[Message], content: bytes) -> Message:
    """Return the example of a contract as a message.

    Raises:
        ContractError: Its bytes are no such message.
    """
    try:
        return message.FromString(content)
    except DecodeError as error:
        name = message.DESCRIPTOR.full_name
        raise ContractError(
            f"the example cannot be decoded as {name}: {error}", hint="record the interaction again"
        ) from error


def from_configuration(configuration: Mapping[str, object]) -> Mapping[str, Descriptors]:
    """Return the descriptor sets of a pact by key, from the configuration that the plugin ``protobuf`` stored in it.

    Raises:
        ContractError: One of them cannot be read.
    """
    return {key: descriptor_set(key, value) for key, value in configuration.items()}


def descriptor_set(key: str, value: object) -> Descriptors:
    """Return one descriptor set of such a configuration.

    Raises:
        ContractError: It cannot be read.
    """
    encoded = value.get("protoDescriptors") if isinstance(value, Mapping) else None
    if not isinstance(encoded, str):
        raise ContractError(f"the descriptors '{key}' have no 'protoDescriptors'")
    try:
        return Descriptors(descriptor_pb2.FileDescriptorSet.FromString(base64.b64decode(encoded, validate=True)))
    except (binascii.Error, ValueError, DecodeError) as error:
        raise ContractError(f"the descriptors '{key}' cannot be decoded: {error}") from error
