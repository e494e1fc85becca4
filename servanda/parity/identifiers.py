"""Values that each side makes for itself: identifiers, etags, page tokens and times."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

# Long enough that no two are equal by chance, and without a space: a text that people write is none.
_MADE: Final = re.compile(r"[A-Za-z0-9_.:/+=-]{6,}")
_WITHIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{5,}")
_NEXT: Final = "next_"
_MOST: Final = 200
# How often a value is one of the newest, how many these are, and how often it was told under another name.
_RECENT, _NEWEST, _RENAMED = 0.6, 3, 0.15
# How much longer one of two may be: a token that holds a time or a name is not always as long as another.
_STRETCH: Final = 1.5


@dataclass(slots=True)
class Identifiers:
    """Pairs of values that stand for each other, one of each side, as answers showed them."""

    _to_http: dict[str, str] = field(default_factory=dict)
    _to_grpc: dict[str, str] = field(default_factory=dict)
    _by_field: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))

    def are_one(self, grpc: str, http: str, sent: frozenset[str]) -> bool:
        """Tell whether two texts are equal, stand for each other, or differ only in parts that do.

        Two that were never seen, and that nobody sent, stand for each other from now on.

        Args:
            grpc: Text of the side of gRPC.
            http: Text of the side of HTTP.
            sent: Texts of the request: what comes back of it has to come back unchanged.
        """
        if grpc in self._to_http or http in self._to_grpc:
            return self._to_http.get(grpc) == http
        if grpc == http:
            return True
        if self._translated(grpc) == http:
            return True
        if {grpc, http} & sent or not _are_alike(grpc, http):
            return False
        self._to_http[grpc], self._to_grpc[http] = http, grpc
        return True

    def copy(self) -> Identifiers:
        """Return pairs that may grow without these."""
        return Identifiers(dict(self._to_http), dict(self._to_grpc), self._by_field)

    def harvest(self, grpc: Message, http: Message) -> None:
        """Remember the texts of two equal answers, or of requests that both sides accepted, for later requests."""
        for kind, value in grpc.ListFields():
            other = getattr(http, kind.name)
            if kind.is_repeated:
                if kind.message_type is not None and not kind.message_type.GetOptions().map_entry:
                    for one, two in zip(value, other, strict=False):
                        self.harvest(one, two)
            elif kind.message_type is not None:
                self.harvest(value, other)
            elif kind.cpp_type == FieldDescriptor.CPPTYPE_STRING and isinstance(value, str):
                known = self._by_field[kind.name.removeprefix(_NEXT)]
                known.append((value, other))
                del known[:-_MOST]

    def learn(self, name: str, grpc: str, http: str) -> None:
        """Remember what a provider state is about, under its name of it: one value, as each side has it."""
        if grpc != http:
            self._to_http[grpc], self._to_grpc[http] = http, grpc
        self._by_field[name].append((grpc, http))

    def some(self, name: str, source: random.Random) -> tuple[str, str] | None:
        """Return a value that a field of this name had in an answer, for each side; ``None`` if there was none.

        A name with the same last word will do, always if no answer has the name: a ``token`` may be an ``access_token``
        or a ``refresh_token``, and a ``password`` may be what was a ``new_password`` before.
        """
        known = self._by_field.get(name) or []
        alike = self._alike(name)
        known = alike if not known or source.random() < _RENAMED else known
        # The newest are likelier to be good still: a session ends, and a token is used once.
        return source.choice(known[-_NEWEST:] if source.random() < _RECENT else known) if known else None

    def _alike(self, name: str) -> list[tuple[str, str]]:
        last = name.rpartition("_")[2]
        named = [pairs for other, pairs in self._by_field.items() if other.rpartition("_")[2] == last]
        # Of each name the newest last, so that none of them hides the others.
        deep = max(map(len, named), default=0)
        return [pairs[-age] for age in range(deep, 0, -1) for pairs in named if age <= len(pairs)]

    def _translated(self, text: str) -> str:
        return _WITHIN.sub(lambda found: self._to_http.get(found[0], found[0]), text)


class SameStore(Identifiers):
    """Identifiers of one instance that is asked both ways: each stands for itself alone."""

    def are_one(self, grpc: str, http: str, sent: frozenset[str]) -> bool:  # noqa: ARG002 - the same for both
        """Tell whether two texts are equal."""
        return grpc == http

    def copy(self) -> Identifiers:
        """Return itself: there is nothing to learn."""
        return self


def texts_of(message: Message) -> frozenset[str]:
    """Return the texts that a message holds."""
    return frozenset(_texts(message))


def _texts(message: Message) -> Iterator[str]:
    for kind, value in message.ListFields():
        if kind.message_type is not None and kind.message_type.GetOptions().map_entry:
            yield from (each for pair in value.items() for each in pair if isinstance(each, str))
        elif kind.message_type is not None:
            for each in value if kind.is_repeated else (value,):
                yield from _texts(each)
        elif kind.cpp_type == FieldDescriptor.CPPTYPE_STRING:
            yield from (each for each in (value if kind.is_repeated else (value,)) if isinstance(each, str))


def _are_alike(one: str, other: str) -> bool:
    if _MADE.fullmatch(one) is None or _MADE.fullmatch(other) is None:
        return False
    return max(len(one), len(other)) <= _STRETCH * min(len(one), len(other))
