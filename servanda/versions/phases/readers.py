"""Services that publish and read events in a step, by the configuration of their own versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from servanda.configuration import EventConsumer
from servanda.topics.names import Names
from servanda.versions.phases.ready import Ready
from servanda.versions.plan import Step


@dataclass(frozen=True, slots=True)
class Reader:
    """A consumer of events, with all its live versions that are one consumer group.

    Attributes:
        consumer: What the newest of these versions says of it.
        names: Naming of its topics.
        versions: The versions.
    """

    consumer: EventConsumer
    names: Names
    versions: tuple[str, ...]

    @property
    def title(self) -> str:
        """Return it as a person calls it."""
        return f"the consumer {self.consumer.name} ({' and '.join(self.versions)})"

    @property
    def group(self) -> str:
        """Return its group on the cluster."""
        return self.names.group(self.consumer)

    @property
    def topics(self) -> tuple[str, ...]:
        """Return the topics that it reads, as on the cluster."""
        return tuple(map(self.names.of, self.consumer.topics))

    @property
    def dead_letters(self) -> Mapping[str, str]:
        """Return what it reads by the topic of what it gives up of that, both as on the cluster."""
        told = {self.names.dead_letters(self.consumer, topic): topic for topic in self.consumer.topics}
        return {letters: self.names.of(topic) for letters, topic in told.items() if letters}

    @property
    def schema(self) -> str:
        """Return the schema of its tables."""
        return self.consumer.schema or self.consumer.name


def readers_in(step: Step, versions: Mapping[str, Ready], namespace: str) -> tuple[Reader, ...]:
    """Return the consumers that are live in a step, each group once."""
    found: dict[tuple[str, str, tuple[str, ...]], Reader] = {}
    *_, candidate = versions.values()
    for service, live in step.live.items():
        # The candidate comes last, whatever the order in the step.
        for name in sorted(set(live), key=tuple(versions).index):
            events = versions[name].configuration.events
            known = candidate.configuration.events.consumers.get(service)
            if (consumer := events.consumers.get(service, known)) is None:
                continue
            if known is not None:
                # What a version does not say yet is where it was before.
                consumer = replace(
                    consumer,
                    effects=consumer.effects or known.effects,
                    dead_letters=consumer.dead_letters or known.dead_letters,
                )
            names = Names(events.topic, namespace)
            key = service, names.group(consumer), tuple(map(names.of, consumer.topics))
            before = found[key].versions if key in found else ()
            found[key] = Reader(consumer, names, (*before, name))
    return tuple(found.values())


def waiting_in(step: Step, versions: Mapping[str, Ready]) -> tuple[tuple[str, str, str], ...]:
    """Return service, schema and table of what is empty once everything is published and applied, each table once."""
    found: dict[tuple[str, str, str], None] = {}
    *_, candidate = versions.values()
    for service, live in step.live.items():
        # The newest of them has migrated last.
        own = versions[max(live, key=tuple(versions).index)].configuration.events
        for of_version, known in ((own.publishers, candidate.configuration.events.publishers), (own.consumers, {})):
            if (owner := of_version.get(service, known.get(service))) is not None:
                found |= dict.fromkeys((service, owner.schema or service, table) for table in owner.waiting)
    return tuple(found)


def topics_of(versions: Mapping[str, Ready], namespace: str) -> Mapping[str, str]:
    """Return the topics of all versions, as on the cluster, with their names in a configuration."""
    found: dict[str, str] = {}
    for ready in versions.values():
        events, names = ready.configuration.events, Names(ready.configuration.events.topic, namespace)
        told = [topic for each in events.consumers.values() for topic in each.topics]
        told += [topic for service in ready.configuration.services.values() for topic in service.topics]
        found |= {names.of(topic): topic for topic in told}
    return found
