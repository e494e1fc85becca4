"""The contracts of every live version, replayed against every live instance."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from servanda.configuration import Configuration
from servanda.errors import ContractError
from servanda.pact import Interaction, PactFile
from servanda.policy.evidence import Pairing
from servanda.supervision import Running
from servanda.verdict import InteractionResult, Outcome, ReasonKind
from servanda.verification import ProviderCode, load_contracts, verify
from servanda.versions.oracle import Break, BreakKind
from servanda.versions.phases.ready import Ready
from servanda.versions.plan import Phase, Step

_Proof: TypeAlias = tuple[str, str, tuple[str, ...], int]
Demand: TypeAlias = tuple[str, frozenset[str]]
"""Name of a provider state, and those of its parameters."""
_STATE = (ReasonKind.STATE_MISSING, ReasonKind.STATE_FAILED)
_EPOCHS = {Phase.ROLLED_BACK: 1, Phase.FORWARD: 2}


@dataclass(frozen=True, slots=True)
class Promise:
    """A contract of one version of a consumer.

    Attributes:
        digest: Of its file: the same contract of two versions is verified once.
    """

    version: str
    file: PactFile
    digest: str


@dataclass(frozen=True, slots=True)
class Verified:
    """Result of the contracts of a step.

    Attributes:
        pairings: For each interaction the versions that were tried together.
    """

    results: tuple[InteractionResult, ...]
    breaks: tuple[Break, ...]
    pairings: tuple[Pairing, ...]


class Contracts:
    """Replays the contracts that concern a step.

    Args:
        versions: The versions by name, the candidate last.
        code: Processes with code of the providers.
    """

    def __init__(self, versions: Mapping[str, Ready], code: ProviderCode) -> None:
        self._code = code
        self._candidate = tuple(versions)[-1]
        self._promises = tuple(each for ready in versions.values() for each in _promises(ready))
        self._proven: set[_Proof] = set()

    async def examine(self, step: Step, running: Running, configuration: Configuration) -> Verified:
        """Verify what was not verified before in the same surroundings.

        Raises:
            ConfigurationError: Provider states are declared that cannot be imported.
        """
        owed = [promise for promise in self._owed(step) if self._take(promise, step, running)]
        results = await verify([promise.file for promise in owed], running, configuration, code=self._code)
        told, breaks, remaining = [], [], iter(results)
        pairings: list[Pairing] = []
        for promise in owed:
            count = len(promise.file.interactions) * len(running.of_service(promise.file.provider))
            for _ in range(count):
                result = next(remaining)
                # As evidence it stays unknown: nobody saw the two together.
                pairings += self._pairings(promise, result)
                if promise.version == self._candidate:
                    result = excused(result, _demands_of(result, promise.file), self._known_demands(result))
                told.append(replace(result, consumer=f"{result.consumer}@{promise.version}"))
                if result.outcome is Outcome.BROKEN:
                    breaks.append(_break(step, promise, result))
        return Verified(tuple(told), tuple(breaks), tuple(pairings))

    def _known_demands(self, result: InteractionResult) -> frozenset[Demand]:
        """Return what contracts of the provider's own version demand of it."""
        provider = result.provider, result.version
        return frozenset(
            demand
            for each in self._promises
            if (each.file.provider, each.version) == provider
            for interaction in each.file.interactions
            for demand in _demands(interaction)
        )

    def _pairings(self, promise: Promise, result: InteractionResult) -> Iterator[Pairing]:
        why = result.reasons[0].message if result.reasons else ""
        for each in self._promises:
            # The same contract of another version is proven with it.
            if each.digest == promise.digest and each.file.consumer == promise.file.consumer:
                yield Pairing(
                    "contract",
                    each.file.consumer,
                    each.version,
                    result.provider,
                    result.version,
                    result.outcome,
                    f"{result.interaction}: {why}" if why else "",
                )

    def _owed(self, step: Step) -> Iterator[Promise]:
        known: set[str] = set()
        for promise in self._promises:
            if promise.digest not in known and self._concerns(promise, step):
                known.add(promise.digest)
                yield promise

    def _concerns(self, promise: Promise, step: Step) -> bool:
        if promise.file.provider not in step.live:
            return False
        if (live := step.live.get(promise.file.consumer)) is not None:
            return promise.version in live
        # A consumer outside of the system is deployed when all of it is there.
        return promise.version != self._candidate or step.phase in (Phase.NEW, Phase.FORWARD)

    def _take(self, promise: Promise, step: Step, running: Running) -> bool:
        epoch = _EPOCHS.get(step.phase, 0)
        proofs = {
            (promise.digest, handle.instance.name, _names(running, handle.instance.name), epoch)
            for handle in running.of_service(promise.file.provider)
        }
        is_new = not proofs <= self._proven
        self._proven |= proofs
        return is_new


def excused(result: InteractionResult, wanted: frozenset[Demand], known: frozenset[Demand]) -> InteractionResult:
    """Let an interaction wait if it needs a provider state of which the version that was asked cannot know.

    Args:
        result: Of an interaction in the candidate's contract.
        wanted: Provider states that it needs.
        known: Those that contracts of the provider's own version need.
    """
    needs_state = any(each.kind in _STATE for each in result.reasons)
    if result.outcome is not Outcome.UNKNOWN or not needs_state or wanted <= known:
        return result
    return replace(result, outcome=Outcome.PENDING, pending=True)


def _demands_of(result: InteractionResult, file: PactFile) -> frozenset[Demand]:
    names = (each for each in file.interactions if result.interaction in (each.title, each.description))
    return frozenset(demand for each in names for demand in _demands(each))


def _demands(interaction: Interaction) -> Iterator[Demand]:
    for state in interaction.states:
        yield state.name, frozenset(state.params)


def _names(running: Running, instance: str) -> tuple[str, ...]:
    return tuple(sorted(handle.instance.name for handle in running.closure(instance)))


def _promises(ready: Ready) -> Iterable[Promise]:
    if not ready.is_described:
        return  # those of the working tree are replayed for the candidate, and promise nothing of an older version
    try:
        found = load_contracts(ready.configuration)
    except ContractError:
        return  # a version without contracts promises nothing
    for file in found.files:
        if file.interactions:
            digest = hashlib.sha256(Path(file.path).read_bytes()).hexdigest()
            yield Promise(ready.version.name, file, digest)


def _break(step: Step, promise: Promise, result: InteractionResult) -> Break:
    first = result.reasons[0]
    call = f"{result.consumer} -> {result.instance} ({result.transport}): {result.interaction}"
    version = f"{result.consumer} {promise.version}"
    return Break(
        BreakKind.CONTRACT, step, call, first.message, first.path, first.expected, first.actual, version=version
    )
