"""Everybody who may use an interface."""

from __future__ import annotations

from collections.abc import Iterator

from servanda.configuration import Configuration
from servanda.interfaces.usage.use import Usage
from servanda.verdict import Consumer


def consumers(configuration: Configuration, usage: Usage) -> tuple[Consumer, ...]:
    """Return everybody who may use an interface, with the owner to talk to.

    These are all who prove a use, all who were observed, and all who are configured as somebody that consumes: parties
    that are no service, and services that depend on another.
    """
    names = set(usage.consumers) | set(_configured(configuration))
    owners = {name: party.owner for name, party in configuration.pacticipants.items()}
    return tuple(Consumer(name, owners.get(name, "")) for name in sorted(names))


def _configured(configuration: Configuration) -> Iterator[str]:
    for name in configuration.pacticipants:
        service = configuration.services.get(name)
        if service is None or service.depends_on:
            yield name
