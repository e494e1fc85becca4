"""Everybody who may use an interface."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from servanda.configuration import Configuration
from servanda.interfaces.usage.use import Usage
from servanda.verdict import Consumer


def consumers(
    configuration: Configuration, usage: Usage, providers: Collection[str] = frozenset()
) -> tuple[Consumer, ...]:
    """Return everybody who may use an interface, with the owner to talk to.

    These are all who prove a use, all who were observed, and all who are configured as somebody that consumes: parties
    that are no service, and services that depend on another. A party that provides, by its own OpenAPI document or by a
    contract with it, and is the consumer of no contract, only provides.

    Args:
        configuration: Says who takes part.
        usage: All that is known of uses.
        providers: Names of those whom contracts are with.
    """
    names = set(usage.consumers) | set(_configured(configuration, providers))
    owners = {name: party.owner for name, party in configuration.pacticipants.items()}
    return tuple(Consumer(name, owners.get(name, "")) for name in sorted(names))


def _configured(configuration: Configuration, providers: Collection[str]) -> Iterator[str]:
    for name, party in configuration.pacticipants.items():
        service = configuration.services.get(name)
        provides = bool(party.openapi) or name in providers
        if service.depends_on if service is not None else not provides:
            yield name
