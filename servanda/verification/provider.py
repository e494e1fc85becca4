"""All interactions of one instance of a provider, one after the other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Final

from servanda.configuration import Limits
from servanda.errors import ConfigurationError, ContractError, LimitError, ServandaError
from servanda.pact import Interaction, checks_nothing
from servanda.patterns import within
from servanda.supervision import Instance
from servanda.verdict import InteractionResult, Location, Outcome, Reason, ReasonKind
from servanda.verification.reach import Reach
from servanda.verification.states import StateError, States
from servanda.verification.survival import Survival

_BREAKING = frozenset({ReasonKind.MISMATCH, ReasonKind.NO_ANSWER})

# The first one that an error is.
_KINDS: Final = (
    (LimitError, ReasonKind.LIMIT),
    (ConfigurationError, ReasonKind.COULD_NOT_RUN),
    (ServandaError, ReasonKind.TRANSPORT),
)


@dataclass(frozen=True, slots=True)
class Obligation:
    """Obligation of an instance of a provider to a consumer."""

    consumer: str
    provider: Instance
    interaction: Interaction


class ProviderVerification:
    """Asks one instance of a provider.

    Args:
        stores: Locks of the stores that the provider states write to, in the order in which all providers take them.
    """

    def __init__(
        self, reach: Reach, states: States, survival: Survival, stores: Iterable[asyncio.Lock], limits: Limits
    ) -> None:
        self._reach = reach
        self._states = states
        self._survival = survival
        self._stores = tuple(stores)
        self._limits = limits

    async def verify(
        self, obligations: Iterable[Obligation], listener: Callable[[InteractionResult], None]
    ) -> tuple[InteractionResult, ...]:
        """Return the result of each obligation, in their order; the listener gets each as soon as it is there."""
        results = []
        for obligation in obligations:
            async with AsyncExitStack() as held:
                for lock in self._stores:
                    await held.enter_async_context(lock)
                result = await self._verify_one(obligation)
            listener(result)
            results.append(result)
        return tuple(results)

    async def _verify_one(self, obligation: Obligation) -> InteractionResult:
        started, interaction = time.monotonic(), obligation.interaction
        reasons = tuple(_with_test(reason, interaction) for reason in await self._reasons(interaction))
        outcome = outcome_of(reasons)
        return InteractionResult(
            consumer=obligation.consumer,
            provider=obligation.provider.service,
            version=obligation.provider.version,
            transport=interaction.transport,
            interaction=interaction.shown,
            outcome=Outcome.PENDING if interaction.pending and outcome is not Outcome.HELD else outcome,
            evidence=interaction.location,
            reasons=reasons,
            seconds=round(time.monotonic() - started, 3),
            pending=interaction.pending,
            comments=interaction.comments,
        )

    async def _reasons(self, interaction: Interaction) -> tuple[Reason, ...]:
        if (death := self._survival.death()) is not None:
            return (death,)
        if checks_nothing(interaction):
            what = "the contract expects nothing of the answer: every provider would satisfy it"
            return (Reason(ReasonKind.CHECKS_NOTHING, what),)
        try:
            return await self._survival.during(self._outlived(interaction))
        except Exception as error:  # noqa: BLE001 - whatever happens in one interaction does not cost the others
            return (_could_not_tell(error),)

    async def _outlived(self, interaction: Interaction) -> tuple[Reason, ...]:
        try:
            return await self._ask(interaction)
        except SystemExit as error:
            # Installed transports are somebody else's code, and "exit(0)" is no answer of ours.
            return (_defect(error),)

    async def _ask(self, interaction: Interaction) -> tuple[Reason, ...]:
        exchange = await self._reach.begin(interaction)
        try:
            values: Mapping[str, object] = await self._states.establish(interaction.states, self._limits.state_seconds)
            with within(self._limits.patterns):
                reasons = await exchange(values)
        except StateError as error:
            if error.before:
                await self._states.tear_down(error.before)
            raise
        except Exception as error:  # noqa: BLE001 - whatever happened, the states are undone
            reasons = (_could_not_tell(error),)
        return (*reasons, *await self._states.tear_down(interaction.states))


def _could_not_tell(error: Exception) -> Reason:
    match error:
        case StateError():
            return error.reason
        case ContractError():
            return Reason(ReasonKind.UNREADABLE, error.what)
        case RecursionError():
            return Reason(ReasonKind.LIMIT, "the contract or the answer is nested too deeply to be compared")
    kind = next((kind for kinds, kind in _KINDS if isinstance(error, kinds)), None)
    return _defect(error) if kind is None else Reason(kind, str(error))


def _defect(error: BaseException) -> Reason:
    what = f"the interaction could not be carried out: {type(error).__name__}: {error}"
    return Reason(ReasonKind.COULD_NOT_RUN, what)


def outcome_of(reasons: Iterable[Reason]) -> Outcome:
    """Return what follows from the reasons why an interaction did not hold; without any it held."""
    kinds = {reason.kind for reason in reasons}
    if kinds & _BREAKING:
        return Outcome.BROKEN
    return Outcome.UNKNOWN if kinds else Outcome.HELD


def _with_test(reason: Reason, interaction: Interaction) -> Reason:
    if reason.evidence is not None or not interaction.test:
        return reason
    return replace(reason, evidence=Location(interaction.test))
