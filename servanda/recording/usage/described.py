"""Interfaces of a repository, asked what a call on the wire means."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

from servanda.cache import cache_folder
from servanda.configuration import Configuration, Events
from servanda.errors import InterfaceError
from servanda.interfaces.openapi.document import Document
from servanda.interfaces.openapi.inputs import open_document
from servanda.interfaces.openapi.kind import OpenApi
from servanda.interfaces.openapi.usage.operations import Operations
from servanda.interfaces.protobuf.options import Options
from servanda.interfaces.protobuf.rules.events import event
from servanda.interfaces.protobuf.schema import State
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.protobuf.usage.proven import interface_of
from servanda.interfaces.protobuf.usage.routes import Route

_VARIABLE: Final = re.compile(r"\{([^{}=]+)=([^{}]*)\}")
_WILDCARD: Final = re.compile(r"\*+")


class Described:
    """Everything that the interfaces of a repository describe.

    Attributes:
        catalogue: The present protobuf interface.

    Args:
        state: The same as a state; ``None`` if there is none.
        documents: OpenAPI documents.
        events: How events are declared.
    """

    def __init__(self, state: State | None, documents: Iterable[Document], events: Events) -> None:
        self._state = state
        self._events = events
        self.catalogue = Catalogue(state if state is not None else State(()))
        self._documents = tuple(Operations(document, document) for document in documents)

    @classmethod
    def of(cls, configuration: Configuration) -> Described:
        """Open the interfaces that a repository is configured with.

        Raises:
            InterfaceError: There are none, or one cannot be read.
        """
        has_protos = configuration.interfaces.root.is_dir()
        states = interface_of(configuration, cache_folder(os.environ)) if has_protos else ()
        paths = OpenApi().configured(configuration)
        if not paths and not any(state.files for state in states[:1]):
            hint = "put proto files into this folder, or name the OpenAPI document of a pacticipant in servanda.toml"
            raise InterfaceError("no interface is described here", where=str(configuration.interfaces.root), hint=hint)
        documents = [open_document(str(path), configuration.root) for path in paths]
        return cls(states[0] if states else None, documents, configuration.events)

    def request(self, method: str, path: str) -> str | None:
        """Return a request with the variables of its path in braces; ``None`` if no interface describes it."""
        route = self.route(method, path)
        if route is not None:
            shown = _shown(route)
            return f"{method} {shown if route.match(method, shown) is not None else path}"
        for operations in self._documents:
            call = operations.called(method, path)
            if call is not None:
                return f"{method} {call.base}{call.operation.template}"
        return None

    def route(self, method: str, path: str) -> Route | None:
        """Return the binding that a request goes to; ``None`` if it is not of an rpc."""
        routes = (route for route in self.catalogue.routes if route.match(method, path) is not None)
        return next(routes, None)

    def events(self, topic: str) -> Sequence[str]:
        """Return the full names of the messages that come on a topic, whatever the namespace of the run."""
        return [message for name, message in self._topics if self._topic(name).fullmatch(topic)]

    def _topic(self, name: str) -> re.Pattern[str]:
        made = re.escape(self._events.topic)
        made = made.replace(re.escape("{topic}"), re.escape(name)).replace(re.escape("{namespace}"), ".*")
        return re.compile(f"{made}|{re.escape(name)}")

    @cached_property
    def _topics(self) -> Sequence[tuple[str, str]]:
        if self._state is None or not self._events.option:
            return ()
        options = Options(self._state)
        messages = [message for file in self._state.files.values() for message in file.messages.values()]
        found = ((event(each, options, self._events.option), each.full_name) for each in messages)
        return [(told.topic, name) for told, name in found if told is not None]


def _shown(route: Route) -> str:
    return _VARIABLE.sub(lambda found: _WILDCARD.sub(f"{{{found[1]}}}", found[2]), route.template)
