"""Recording as a whole: topics that are read, a corpus that grows, and what there is to say of it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from servanda.configuration import Configuration
from servanda.errors import ConfigurationError, RecordingError
from servanda.events.corpus import Corpus, KeptEvent
from servanda.events.formats import Formats
from servanda.events.recording.selection import Identity, Seen, not_produced
from servanda.topics.cluster import Cluster
from servanda.topics.names import Names

_PAUSE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Unproduced:
    """A shape of the corpus of which the topic holds no event.

    Attributes:
        last: Day on which one was last published, as far as anybody recorded.
        droppable: First day on which no topic can hold one; ``None`` if nobody can tell.
    """

    service: str
    topic: str
    shape: str
    type: str
    last: dt.date
    droppable: dt.date | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """Result of a recording.

    Attributes:
        corpus: The corpus with what is new.
        new: The events that are new.
        seen: Number of shapes that topics hold, by topic.
        records: Number of records, by topic.
        unproduced: Shapes of which the topics hold none.
        unreadable: Number of records that could not be read, by the reason.
        left_out: Number of records with fields that the definitions do not know, which are not kept.
    """

    corpus: Corpus
    new: tuple[KeptEvent, ...]
    seen: Mapping[str, int]
    records: Mapping[str, int]
    unproduced: tuple[Unproduced, ...]
    unreadable: Mapping[str, int]
    left_out: int


def formats_of(configuration: Configuration, cache: Path) -> Formats:
    """Return the formats that a repository uses, by its definitions where it has some.

    Raises:
        InterfaceError: The definitions do not compile.
        MissingExtraError: There are definitions, and nothing that compiles them.
    """
    root = configuration.interfaces.root
    if not root.is_dir():
        return Formats(configuration.events, None)
    from servanda.events.formats.messages import Messages  # noqa: PLC0415 - for who has definitions
    from servanda.interfaces.protobuf.inputs import Opener  # noqa: PLC0415 - the same

    return Formats(configuration.events, Messages(Opener(root, cache).open(".").image, configuration.events))


def topics_of(configuration: Configuration, chosen: Iterable[str] = ()) -> Mapping[str, str]:
    """Return the service that publishes, by topic.

    Args:
        configuration: Names the topics of each service.
        chosen: The topics that are wanted; all if empty.

    Raises:
        ConfigurationError: No service publishes to such a topic, or to any.
    """
    published = {topic: name for name, service in configuration.services.items() for topic in service.topics}
    hint = 'add topics = ["..."] to the service that publishes: [services.NAME]'
    if not published:
        raise ConfigurationError("no service publishes to a topic", where=str(configuration.file), hint=hint)
    wanted = tuple(chosen) or tuple(published)
    for topic in wanted:
        if topic not in published:
            what = f"no service publishes to the topic '{topic}'; known: {', '.join(sorted(published))}"
            raise ConfigurationError(what, where=str(configuration.file), hint=hint)
    return {topic: published[topic] for topic in wanted}


def record(corpus: Corpus, topics: Mapping[str, str], cluster: Cluster, names: Names, formats: Formats) -> Recorded:
    """Read topics, and return the corpus that they make; nothing is written.

    Args:
        corpus: What is kept already.
        topics: Publishing service by topic.
        cluster: Where they are.
        names: What they are called there.
        formats: Tells what records say.

    Raises:
        RecordingError: A topic does not exist.
        InfrastructureError: The cluster does not answer.
    """
    known = cluster.topics()
    seen, retention = Seen(), dict[str, int]()
    for topic, service in topics.items():
        if names.of(topic) not in known:
            close = ", ".join(sorted(name for name in known if name.startswith(topic))) or "none that begins like it"
            hint = f"the cluster has: {close}; --namespace says what the names of a deployment end with"
            raise RecordingError(f"there is no topic '{names.of(topic)}'", where=cluster.bootstrap, hint=hint)
        seen.records[topic] = 0
        seen.add(cluster.read([names.of(topic)]), service, topic, formats)
        retention[topic] = cluster.retention_hours(names.of(topic))
    entries = {entry.identity: entry for entry in corpus.manifest.entries}
    new = seen.chosen(entries)
    grown = corpus.with_events(new, seen.days, retention)
    return Recorded(
        grown,
        new,
        _shapes(seen.days),
        dict(seen.records),
        tuple(_unproduced(identity, grown) for identity in sorted(not_produced(seen, entries))),
        dict(seen.unreadable),
        seen.left_out,
    )


def wait_until_quiet(cluster: Cluster, topics: Iterable[str], seconds: float, most: float) -> None:
    """Wait until nothing more is published.

    Args:
        cluster: Where the topics are.
        topics: Their names there.
        seconds: How long nothing may come.
        most: How long to wait at most.
    """
    wanted = tuple(topics)
    until = time.monotonic() + most
    before, since = cluster.ends(wanted), time.monotonic()
    while time.monotonic() < min(until, since + seconds):
        time.sleep(_PAUSE)
        if (now := cluster.ends(wanted)) != before:
            before, since = now, time.monotonic()


def _shapes(identities: Iterable[Identity]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for _, topic, _ in identities:
        found[topic] = found.get(topic, 0) + 1
    return found


def _unproduced(identity: Identity, corpus: Corpus) -> Unproduced:
    entry = next(each for each in corpus.manifest.entries if each.identity == identity)
    return Unproduced(*identity, entry.type, entry.last, corpus.manifest.droppable(entry))
