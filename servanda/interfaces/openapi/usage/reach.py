"""Parts of a document that calling an operation can touch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from types import MappingProxyType
from typing import Final

from servanda.interfaces.effect import Access
from servanda.interfaces.openapi import encodings, parameters, security
from servanda.interfaces.openapi.document import METHODS, Node, escaped
from servanda.interfaces.openapi.schema import schema
from servanda.interfaces.openapi.usage.both import Both
from servanda.interfaces.openapi.usage.operations import Operation
from servanda.interfaces.usage.exchange import EVERYTHING, Side

Reached = tuple[str, Access]
_SENT = (Access.WRITE, Access.OMIT)
_READ = (Access.READ,)
_ALL = tuple(Access)
_AS_THEY_ARE: Final[Mapping[str, str]] = MappingProxyType({})


class Reach:
    """Parts of a document that are reached, however deep; none is looked into twice."""

    def __init__(self) -> None:
        self.found: set[Reached] = set()
        self._pushed: set[tuple[str, ...]] = set()
        self._entered: set[tuple[str, tuple[Access, ...]]] = set()

    def call(self, operation: Operation, sides: Collection[Side] = EVERYTHING) -> None:
        """Add all that calls of an operation can have to do with, in either state.

        Args:
            operation: The operation.
            sides: What is not known of the call: what it sends, and what it reads of the bodies of answers.
        """
        own = operation.own
        is_sent_unknown = Side.WRITES in sides
        self._note(chain(operation.places, own.places), (Access.CALL,))
        self._note((f"{place}/security" for place in (*own.places, *_roots(own))), (Access.CALL,))
        self._note((server.element for server in operation.servers()), (Access.CALL,))
        for path, node in ((operation.path.before, own.before), (operation.path.after, own.after)):
            if node is not None:
                self._note(_schemes(node), (Access.CALL,))
            if path is not None and node is not None and is_sent_unknown:
                self._parameters(
                    (path, node), own, _SENT, operation.kept.renamed if node is own.after else _AS_THEY_ARE
                )
        if is_sent_unknown:
            self._request(own, _SENT)
        self._answers(own, _READ, bodies=Side.READS in sides)
        self._callbacks(own)

    def pushed(self, path: Both) -> None:
        """Return the same for calls in the other direction: of webhooks, and of callbacks of an operation."""
        if path.places in self._pushed:
            return
        self._pushed.add(path.places)
        self._note(path.places, _ALL)
        for method in METHODS:
            own = path.get(method)
            self._note((*own.places, *(f"{place}/security" for place in own.places)), _ALL)
            for item, node in ((path.before, own.before), (path.after, own.after)):
                if item is not None and node is not None:
                    self._parameters((item, node), own, _ALL)
            self._request(own, _ALL)
            self._answers(own, _ALL)
            self._callbacks(own)

    def _callbacks(self, own: Both) -> None:
        callbacks = own.get("callbacks")
        for name in callbacks.names():
            callback = callbacks.get(name)
            self._note((*callback.places, *(f"{place}/{escaped(name)}" for place in callbacks.places)), _ALL)
            for expression in callback.names():
                self._note((f"{place}/{escaped(expression)}" for place in callback.places), _ALL)
                self.pushed(callback.get(expression))

    def covers(self, element: str, accesses: Collection[Access]) -> bool:
        """Tell whether a finding about an element may hit the caller; of a schema also by its new properties.

        Args:
            element: The element, as findings name it.
            accesses: What somebody has to do with it to be hit; anything if empty.
        """
        schema_, property_, _ = element.rpartition("/properties/")
        places = (element, schema_) if property_ else (element,)
        return any((place, access) in self.found for place in places for access in accesses or Access)

    def _parameters(
        self,
        state: tuple[Node, Node],
        own: Both,
        accesses: tuple[Access, ...],
        renamed: Mapping[str, str] = _AS_THEY_ARE,
    ) -> None:
        path, node = state
        for key, parameter in parameters.declared(path, node, renamed).items():
            # Members of an object may be parameters of their own in the other state.
            for name in {key[1], *parameters.apart(key, parameter)}:
                self._note((f"{each}/parameters/{key[0]}/{escaped(name)}" for each in own.places), accesses)
            self._schema(parameter.written.schema, accesses)
            self._content(Both(parameter.node, None), accesses)

    def _request(self, own: Both, sent: tuple[Access, ...]) -> None:
        body = own.get("requestBody")
        self._note(chain(body.places, (f"{place}/requestBody" for place in own.places)), sent)
        self._content(body, sent)

    def _answers(self, own: Both, read: tuple[Access, ...], *, bodies: bool = True) -> None:
        responses = own.get("responses")
        for status in responses.names():
            response = responses.get(status)
            places = (f"{place}/{escaped(status)}" for place in responses.places)
            self._note(chain(response.places, places), (*read, Access.CALL))
            headers = response.get("headers")
            for name in headers.names():
                header = headers.get(name)
                self._note(chain(header.places, (f"{place}/{escaped(name)}" for place in headers.places)), read)
                self._both(header.raw("schema"), read)
            if bodies:
                self._content(response, read)

    def _content(self, part: Both, accesses: tuple[Access, ...]) -> None:
        content = part.get("content")
        for media_type in content.names():
            found = content.get(media_type)
            self._note(found.places, accesses)
            self._both(found.raw("schema"), accesses)
            self._parts(found, accesses)

    def _parts(self, body: Both, accesses: tuple[Access, ...]) -> None:
        """Note the parts of a form: how any property is written may have changed."""
        for element in encodings.elements(body.before, body.after):
            self._note((element,), accesses)

    def _both(self, part: Both, accesses: tuple[Access, ...]) -> None:
        self._schema(part.before, accesses)
        self._schema(part.after, accesses)

    def _schema(self, node: Node | None, accesses: tuple[Access, ...]) -> None:
        waiting = [node] if node is not None else []
        while waiting:
            node = waiting.pop()
            found = schema(node)
            # What is wrapped around a reference is told at the reference.
            self._note((node.shown,), accesses)
            if (found.node.shown, accesses) in self._entered:
                continue
            self._entered.add((found.node.shown, accesses))
            names = {*found.properties, *found.required}
            self._note((found.node.shown, *(f"{found.node.shown}/properties/{name}" for name in names)), accesses)
            waiting += found.properties.values()
            waiting += [each for each in (found.items, found.additional) if each is not None and each.value]
            waiting += chain.from_iterable(found.choices.values())

    def _note(self, elements: Iterable[str], accesses: tuple[Access, ...]) -> None:
        self.found.update((element, access) for element in elements for access in accesses)


def _roots(own: Both) -> Iterator[str]:
    return (node.document.entry.root.shown for node in (own.before, own.after) if node is not None)


def _schemes(operation: Node) -> Iterator[str]:
    ways, _ = security.ways(operation)
    for name in {name for way in ways for name in way}:
        scheme = operation.document.entry.root.get("components", "securitySchemes", name)
        if scheme is not None:
            yield scheme.shown
