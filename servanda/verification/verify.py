"""Replaying contracts against the running system."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack

from servanda.configuration import Configuration, Limits
from servanda.pact import PactFile
from servanda.supervision import ServiceHandle, System
from servanda.verdict import InteractionResult
from servanda.verification.provider import Obligation, ProviderVerification
from servanda.verification.provider_code import ProviderCode
from servanda.verification.reach import Reach
from servanda.verification.states import open_states, state_owner
from servanda.verification.survival import Survival

Listener = Callable[[InteractionResult], None]


def ignore(result: InteractionResult) -> None:
    """Listen to nothing."""
    del result


async def verify(
    contracts: Iterable[PactFile],
    system: System[ServiceHandle],
    configuration: Configuration,
    listener: Listener = ignore,
    limits: Limits | None = None,
    code: ProviderCode | None = None,
) -> tuple[InteractionResult, ...]:
    """Replay every interaction against every instance of its provider.

    The interactions of one instance run one after the other. Instances run side by side, except while their provider
    states would write to the same stores, as those of one service always would.

    Args:
        contracts: What is replayed.
        system: The running providers.
        configuration: Says how topics are named.
        listener: Gets each result as soon as it is there.
        limits: The bounds; the configured ones if left out.
        code: Processes with code of the providers, from earlier verifications and for later ones; without it they end
            with this one.

    Returns:
        A result for each interaction with each instance, in the order of the contracts.

    Raises:
        ConfigurationError: Provider states are declared that cannot be imported.
        SupervisionError: A provider is not part of the running system.
    """
    limits = limits or configuration.limits
    obligations = [
        Obligation(contract.consumer, handle.instance, interaction)
        for contract in contracts
        if contract.interactions
        for handle in system.of_service(contract.provider)
        for interaction in contract.interactions
    ]
    providers = tuple(dict.fromkeys(obligation.provider for obligation in obligations))
    locks = {instance.service: asyncio.Lock() for instance in system.instances}
    tasks = {}
    async with (
        contextlib.nullcontext(code) if code is not None else ProviderCode(limits) as opened,
        open_states(system, [one.name for one in providers], limits, opened) as states,
        AsyncExitStack() as stack,
        asyncio.TaskGroup() as group,
    ):
        for provider in providers:
            verification = ProviderVerification(
                Reach(provider.name, system, configuration, opened, limits, stack),
                states[provider.name],
                Survival(provider.name, system.closure(provider.name)),
                [locks[name] for name in sorted(_written_to(system, provider.name))],
                limits,
            )
            owed = [obligation for obligation in obligations if obligation.provider == provider]
            tasks[provider] = group.create_task(verification.verify(owed, listener), name=f"verify {provider.name}")
    results = {provider: iter(task.result()) for provider, task in tasks.items()}
    return tuple(next(results[obligation.provider]) for obligation in obligations)


def _written_to(system: System[ServiceHandle], provider: str) -> set[str]:
    """Return the services whose stores the states of an instance write to."""
    asked = system.service(provider)
    owners = (state_owner(system, provider, source) for source in asked.service.states)
    return {asked.instance.service, *(owner.instance.service for owner in owners)}
