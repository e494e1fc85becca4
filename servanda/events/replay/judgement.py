"""Judgement of what versions of a consumer showed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from servanda.configuration import EventConsumer
from servanda.events.replay.comparison import Attribution, RowDifference, differences, only_of
from servanda.events.replay.difference import Difference, DifferenceKind, Phase
from servanda.events.replay.observing import Observed
from servanda.events.replay.run import Run
from servanda.events.replay.script import UNREADABLE, Script, Sent
from servanda.events.replay.state import State


@dataclass(frozen=True, slots=True)
class Expected:
    """Effects that a version has to have.

    Attributes:
        by: Who had them: the name of a live version, or of the document.
        refused: Digests of the records that were given up.
        state: The rows.
        partial: Whether they are those of some events alone: what belongs to no event is then not compared.
    """

    by: str
    refused: frozenset[str]
    state: State
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Judge:
    """Compares phases of one consumer.

    Attributes:
        consumer: The consumer.
        script: What was sent.
        attribution: Tells the events of a row.
        live: Name of the live version that a difference is shown beside; empty if there is none.
    """

    consumer: EventConsumer
    script: Script
    attribution: Attribution
    live: str = ""

    def judge(self, run: Run, expected: Expected) -> tuple[Difference, ...]:
        """Return what does not hold of a run, each phase compared with the one before it."""
        first = run.phases[Phase.IN_ORDER][self.consumer.name]
        found = list(self._phase(run.version, Phase.IN_ORDER, first, expected))
        if first.state is None:
            return tuple(found)
        own = Expected("itself, in the order of publication", frozenset(first.refused), first.state)
        for phase in (Phase.AGAIN, Phase.SHUFFLED):
            if (by_consumer := run.phases.get(phase)) is not None:
                found += self._phase(run.version, phase, by_consumer[self.consumer.name], own)
        if (shuffled := run.phases.get(Phase.SHUFFLED)) is not None and self.consumer.dead_letters and self.script.odd:
            found += self._without_dead_letter(run.version, shuffled[self.consumer.name])
        return tuple(found)

    def _phase(self, version: str, phase: Phase, observed: Observed, expected: Expected) -> Iterator[Difference]:
        at = (version, phase)
        if observed.failed is not None:
            yield self._difference(at, observed.failed.kind, observed.failed.what, observed.failed.events)
        if observed.state is None:
            return
        if observed.waits:
            what = f"{observed.waits} rows still wait in the tables of 'waiting'"
            yield self._difference(at, DifferenceKind.STUCK, what, ())
        yield from self._refused(at, observed, expected)
        state = self._without_odd_rows(observed.state)
        if expected.partial:
            state = only_of(state, self.script.events, self.attribution)
        for row in differences(expected.state, state, self.attribution):
            what = f"the effect is not that of {expected.by}"
            yield self._difference(at, DifferenceKind.EFFECT, what, row.events, row)

    def _refused(self, at: tuple[str, Phase], observed: Observed, expected: Expected) -> Iterator[Difference]:
        for sent in self.script.events:
            digest = sent.record.digest
            if digest in observed.refused and digest not in expected.refused:
                what = f"it is given up, which {expected.by} did not: {observed.refused[digest]}"
                yield self._difference(at, DifferenceKind.REFUSED, what, (sent,))
            elif digest in expected.refused and digest not in observed.refused:
                what = f"it is not given up any more, as {expected.by} did"
                yield self._difference(at, DifferenceKind.REFUSED, what, (sent,))

    def _without_dead_letter(self, version: str, observed: Observed) -> Iterator[Difference]:
        if observed.state is None:
            return
        # Of a type that it does not know, a consumer passes over whatever comes; of every type it does not.
        for topic in self.consumer.topics:
            sents = [each for each in self._oddities if (each.record.topic, each.record.value) == (topic, UNREADABLE)]
            if sents and not any(each.record.digest in observed.refused for each in sents):
                what = "it is in no topic of dead letters, although nobody can read it"
                yield self._difference((version, Phase.SHUFFLED), DifferenceKind.REFUSED, what, tuple(sents))

    @property
    def _oddities(self) -> tuple[Sent, ...]:
        return tuple(sent for sent in self.script.oddities if sent.record.topic in self.consumer.topics)

    def _without_odd_rows(self, state: State) -> State:
        """Return a state without rows about records that nobody can read: what is kept of them is up to a consumer."""
        odd = Attribution(Sent(replace(sent.record, headers=())) for sent in self._oddities)
        return {table: tuple(row for row in rows if not odd.of(row)) for table, rows in state.items()}

    def _difference(
        self,
        at: tuple[str, Phase],
        kind: DifferenceKind,
        what: str,
        events: tuple[Sent, ...],
        row: RowDifference | None = None,
    ) -> Difference:
        shape = next((sent.shape for sent in events if sent.shape), "")
        only = f" --only {shape}" if shape else ""
        live = f" --live {self.live}" if self.live else ""
        repeat = f"servanda events replay {self.consumer.name}{only} --seed {self.script.seed}{live}"
        found = Difference(kind, self.consumer.name, *at, what, events, repeat=repeat)
        if row is None:
            return found
        return replace(found, path=row.path, expected=row.expected, actual=row.actual)
