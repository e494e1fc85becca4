"""The interface definitions of the repository under test, by the names of what they define."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from treaty.compatibility.compiler import compile_workspace
from treaty.errors import RecordingError


class Workspace:
    """Compiled once, when the first name is asked for.

    Args:
        root: Folder of the definitions.
        event_option: Full name of the message option that marks events; empty if there is none.
    """

    def __init__(self, root: Path, event_option: str = "") -> None:
        self.root = root
        self._event_option = event_option
        self._files: descriptor_pb2.FileDescriptorSet | None = None

    def file_of_service(self, name: str) -> Path:
        """The definition that holds a service, by its full name.

        Raises:
            RecordingError: None does.
            InterfaceError: The definitions do not compile.
        """
        return self._find(name, "service", _services)

    def file_of_message(self, name: str) -> Path:
        """The definition that holds a message, by its full name.

        Raises:
            RecordingError: None does.
            InterfaceError: The definitions do not compile.
        """
        return self._find(name, "message", _messages)

    def topic_of(self, message: str) -> str:
        """The topic that an event declares by the configured option; empty if it declares none."""
        if not self._event_option:
            return ""
        pool = descriptor_pool.DescriptorPool()
        for file in self._compiled().file:
            pool.Add(file)
        try:
            extension: Any = pool.FindExtensionByName(self._event_option)
            options = message_factory.GetMessageClass(pool.FindMessageTypeByName("google.protobuf.MessageOptions"))
            described = pool.FindMessageTypeByName(message)
        except KeyError:
            return ""
        # Only a class of the same pool knows the extension.
        declared: Any = options.FromString(described.GetOptions().SerializeToString()).Extensions[extension]
        return str(getattr(declared, "topic", ""))

    def _compiled(self) -> descriptor_pb2.FileDescriptorSet:
        if self._files is None:
            self._files = compile_workspace(self.root)
        return self._files

    def _find(self, name: str, kind: str, names: Any) -> Path:
        for file in self._compiled().file:
            if name in names(file):
                return self.root / file.name
        raise RecordingError(
            f"no {kind} '{name}' in the interface definitions",
            where=str(self.root),
            hint="use its full name, with the package",
        )


def _services(file: descriptor_pb2.FileDescriptorProto) -> Iterator[str]:
    return (f"{file.package}.{entry.name}".lstrip(".") for entry in file.service)


def _messages(file: descriptor_pb2.FileDescriptorProto) -> Iterator[str]:
    return (f"{file.package}.{entry.name}".lstrip(".") for entry in file.message_type)
