"""The fate of what consumers use: by replays of their interactions, else by values that are tried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from servanda.interfaces.effect import Access
from servanda.interfaces.protobuf.usage.evolution import Evolution
from servanda.interfaces.protobuf.usage.examples import Example
from servanda.interfaces.protobuf.usage.replay.exchanges import replayed
from servanda.interfaces.protobuf.usage.replay.fate import Fate
from servanda.interfaces.protobuf.usage.replay.tries import Tries, is_json, is_placed
from servanda.interfaces.protobuf.usage.replay.types import Successors
from servanda.interfaces.usage.use import Use
from servanda.verdict import Evidence

_Shown = Mapping[tuple[Access, str], frozenset[bool]]


class Replays:
    """Interactions replayed after a change; nothing is replayed before somebody asks.

    Args:
        evolution: The states of the interface.
        examples: The interactions of contracts.
        uses: Every use that is known, for consumers of which no contract shows a value.
    """

    def __init__(self, evolution: Evolution, examples: Iterable[Example], uses: Iterable[Use] = ()) -> None:
        self._evolution = evolution
        self._uses = tuple(uses)
        self._examples: dict[Evidence, list[Example]] = {}
        for example in examples:
            self._examples.setdefault(example.evidence, []).append(example)
        self._replayed: dict[Evidence, _Shown] = {}
        self._fates: dict[Use, Fate | None] = {}

    def fate(self, use: Use) -> Fate | None:
        """Return what becomes of what a consumer uses; ``None`` if that cannot be tried.

        A value that a contract shows and that is lost is lost, whatever becomes of others. One that arrives does not
        prove that all do: other values are tried, too.
        """
        if use.masked or (use.named and not is_json(use)):
            return None  # a field mask names it: no value of it travels
        shown = self._shown(use.evidence).get((use.access, use.element))
        if shown is not None and False in shown:
            return Fate.LOST
        tried = self._tried(use)
        if shown is None:
            return tried
        return Fate.KEPT if tried in (None, Fate.KEPT) else Fate.VALUE_DEPENDENT

    @cached_property
    def _pairs(self) -> tuple[Successors, ...]:
        """Return each former state with the present one, the newest first."""
        return tuple(Successors(base, self._evolution.present) for base in reversed(self._evolution.former))

    def _shown(self, evidence: Evidence) -> _Shown:
        """Return what the interactions of one proof show; they are replayed once."""
        known = self._replayed.get(evidence)
        if known is not None:
            return known
        told: dict[tuple[Access, str], set[bool]] = {}
        for example in self._examples.get(evidence, ()):
            results = (replayed(example, pair) for pair in self._pairs)
            for access, element, arrives in next(filter(None, results), ()):
                told.setdefault((access, element), set()).add(arrives)
        return self._replayed.setdefault(evidence, {place: frozenset(kept) for place, kept in told.items()})

    def _tried(self, use: Use) -> Fate | None:
        # Whichever interaction of a document it is from, the same is tried.
        key = replace(use, evidence=Evidence("", use.evidence.document))
        if key not in self._fates:
            tries = (each.fate(use) for each in self._tries)
            self._fates[key] = next((fate for fate in tries if fate is not None), None)
        return self._fates[key]

    @cached_property
    def _tries(self) -> tuple[Tries, ...]:
        return tuple(Tries(pair, self._used) for pair in self._pairs)

    @cached_property
    def _used(self) -> Mapping[tuple[str, Access], frozenset[str]]:
        found: dict[tuple[str, Access], set[str]] = {}
        for use in self._uses:
            if is_placed(use):
                continue  # its place tells it, whatever it is called
            found.setdefault((use.evidence.document, use.access), set()).add(use.element)
        return {key: frozenset(elements) for key, elements in found.items()}
