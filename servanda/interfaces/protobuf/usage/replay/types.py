"""The types that stand for those of another state, whatever they are called now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from google.protobuf.descriptor import MethodDescriptor

from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.protobuf.usage.replay.conversion import counterpart
from servanda.interfaces.protobuf.usage.routes import Route
from servanda.pact.descriptors import MessageType, map_value


class Successors:
    """Rpcs, routes and messages of one state, as another one has them.

    Args:
        former: The state that consumers know.
        present: The state with the change.
    """

    def __init__(self, former: Catalogue, present: Catalogue) -> None:
        self.former = former
        self.present = present

    def method(self, full_name: str) -> MethodDescriptor | None:
        """Return the rpc that a call over gRPC of this name reaches now; ``None`` if none does."""
        return self.present.methods.get(full_name)

    def routes(self, full_name: str) -> Iterator[tuple[Route, Route | None]]:
        """Yield the routes of an rpc, each with the one that takes the same requests now; ``None`` if none does."""
        for route in self.former.routes:
            if route.method.full_name == full_name:
                yield route, next((each for each in self.present.routes if _same_address(route, each)), None)

    def message(self, full_name: str) -> MessageType | None:
        """Return the message that has the place of a message; ``None`` if none has, or if it has several."""
        return self.present.message(full_name) or self._moved.get(full_name)

    @cached_property
    def _moved(self) -> Mapping[str, MessageType]:
        """Find messages by what leads to them: rpcs of the same name or route, then fields."""
        found: dict[str, dict[str, MessageType]] = {}
        seen: set[tuple[str, str]] = set()
        waiting = list(self._entrances())
        while waiting:
            before, after = waiting.pop()
            if (before.full_name, after.full_name) in seen:
                continue
            seen.add((before.full_name, after.full_name))
            found.setdefault(before.full_name, {})[after.full_name] = after
            for field in before.fields:
                other = counterpart(field, after)
                inner = (map_value(field) or field).message_type
                inner_now = (map_value(other) or other).message_type if other is not None else None
                if inner is not None and inner_now is not None:
                    waiting.append((inner, inner_now))
        return {name: next(iter(types.values())) for name, types in found.items() if len(types) == 1}

    def _entrances(self) -> Iterator[tuple[MessageType, MessageType]]:
        for name, method in self.former.methods.items():
            others = [self.method(name), *(now.method for _, now in self.routes(name) if now is not None)]
            for other in others:
                if other is not None:
                    yield method.input_type, other.input_type
                    yield method.output_type, other.output_type


def _same_address(route: Route, other: Route) -> bool:
    return route.verb == other.verb and route.pattern.text == other.pattern.text
