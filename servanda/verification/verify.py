"""Replaying contracts against the running system."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack

from servanda.configuration import Configuration, Limits
from servanda.pact import PactFile
from servanda.supervision import ServiceHandle, System, start_order
from servanda.verdict import InteractionResult
from servanda.verification.provider import Obligation, ProviderVerification
from servanda.verification.reach import Reach
from servanda.verification.states import open_states, state_owner
from servanda.verification.survival import Survival

Listener = Callable[[InteractionResult], None]


def ignore(result: InteractionResult) -> None:
    """The listener for whom the results at the end are enough."""
    del result


async def verify(
    contracts: Iterable[PactFile],
    system: System[ServiceHandle],
    configuration: Configuration,
    listener: Listener = ignore,
    limits: Limits | None = None,
) -> tuple[InteractionResult, ...]:
    """Replay every interaction against its real provider, within ``limits`` (default: the configured ones).

    The interactions of one provider run one after the other. Providers run side by side, except while their provider
    states would write to the same stores.

    Returns:
        A result for each interaction, in the order of the contracts.

    Raises:
        ConfigurationError: Provider states are declared that cannot be imported.
        SupervisionError: A provider is not part of the running system.
    """
    limits = limits or configuration.limits
    obligations = [
        Obligation(contract.consumer, contract.provider, interaction)
        for contract in contracts
        for interaction in contract.interactions
    ]
    providers = tuple(dict.fromkeys(obligation.provider for obligation in obligations))
    for provider in providers:
        system.service(provider)
    locks = {name: asyncio.Lock() for name in system.services}
    tasks = {}
    async with (
        open_states(system, providers, configuration.root) as states,
        AsyncExitStack() as stack,
        asyncio.TaskGroup() as group,
    ):
        for provider in providers:
            verification = ProviderVerification(
                Reach(provider, system, configuration, limits, stack),
                states[provider],
                Survival(provider, _closure(system, provider)),
                [locks[name] for name in sorted(_written_to(system, provider))],
                limits,
            )
            owed = [obligation for obligation in obligations if obligation.provider == provider]
            tasks[provider] = group.create_task(verification.verify(owed, listener), name=f"verify {provider}")
    results = {provider: iter(task.result()) for provider, task in tasks.items()}
    return tuple(next(results[obligation.provider]) for obligation in obligations)


def _closure(system: System[ServiceHandle], provider: str) -> list[ServiceHandle]:
    configured = {name: handle.service for name, handle in system.services.items()}
    return [system.service(service.name) for service in start_order(configured, [provider])]


def _written_to(system: System[ServiceHandle], provider: str) -> set[str]:
    sources = system.service(provider).service.states
    return {provider, *(state_owner(system, provider, source) for source in sources)}
