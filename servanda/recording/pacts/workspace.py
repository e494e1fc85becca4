"""The interface definitions of the repository under test, by the names of what they define."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pool, message_factory

from servanda.errors import RecordingError
from servanda.interfaces.protobuf.inputs import Opener
from servanda.interfaces.protobuf.inputs import Workspace as Opened
from servanda.interfaces.protobuf.schema import Element, File


class Workspace:
    """Compiled once, when the first name is asked for; the modules are those of ``buf.yaml``.

    Args:
        root: Folder of the definitions.
        cache: Folder of what was compiled before.
        event_option: Full name of the message option that marks events; empty if there is none.
    """

    def __init__(self, root: Path, cache: Path, event_option: str = "") -> None:
        self._root = root
        self._cache = cache
        self._event_option = event_option

    @cached_property
    def roots(self) -> tuple[Path, ...]:
        """Return the folders that imports are relative to: one for each module.

        Raises:
            InterfaceError: The definitions do not compile.
        """
        paths = self._opened.state.files
        return tuple(sorted({Path(str(self._place(path)).removesuffix(path)) for path in paths}))

    def file_of_service(self, name: str) -> Path:
        """Return the definition that holds a service, by its full name.

        Raises:
            RecordingError: None does.
            InterfaceError: The definitions do not compile.
        """
        return self._find(name, "service", lambda file: file.services.values())

    def file_of_message(self, name: str) -> Path:
        """Return the definition that holds a message, by its full name.

        Raises:
            RecordingError: None does.
            InterfaceError: The definitions do not compile.
        """
        return self._find(name, "message", lambda file: file.messages.values())

    def topic_of(self, message: str) -> str:
        """Return the topic that an event declares by the configured option; empty if it declares none."""
        if not self._event_option:
            return ""
        pool = descriptor_pool.DescriptorPool()
        for file in self._opened.image.file:
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

    @cached_property
    def _opened(self) -> Opened:
        if not self._root.is_dir():
            raise RecordingError(
                "the folder of the interface definitions does not exist",
                where=str(self._root),
                hint="name the folder of the .proto files: root in [interfaces] of servanda.toml; a contract over "
                "HTTP, or an event in JSON, needs none: upon_receiving",
            )
        return Opener(self._root, self._cache).open(".")

    def _place(self, path: str) -> Path:
        return (self._root / self._opened.shown(path)).resolve()

    def _find(self, name: str, kind: str, elements: Callable[[File], Iterable[Element[Any]]]) -> Path:
        for path, file in self._opened.state.files.items():
            if any(element.full_name == name for element in elements(file)):
                return self._place(path)
        raise RecordingError(
            f"no {kind} '{name}' in the interface definitions",
            where=str(self._root),
            hint="use its full name, with the package",
        )
