"""Events of a run, watched on topics and in tables that stand in for real ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import pytest

from servanda.configuration import Limits, load
from servanda.errors import ConfigurationError
from servanda.supervision import Source
from servanda.topics.cluster import Placed
from servanda.topics.record import Record
from servanda.versions.oracle import Break, Write
from servanda.versions.phases.events import EventWatch, watch_of
from servanda.versions.phases.ready import Ready
from servanda.versions.plan import Phase, Step, Version

CONFIGURATION = """
[events]
topic = "{topic}.{namespace}"
[events.publishers.users]
waiting = ["outbox"]
[events.consumers.audit]
topics = ["users"]
effects = ["entries.event_id"]
dead_letters = "{topic}.dlq"
[services.users]
command = ["true"]
topics = ["users"]
[services.audit]
command = ["true"]
"""
LIMITS = Limits(event_seconds=0.2, settle_seconds=0.1)
OLD = {"users": ("old",), "audit": ("old",)}
ROLLING = {"users": ("old", "new"), "audit": ("old",)}


@dataclass
class Topics:
    """Topics in memory, one partition each."""

    records: dict[str, list[Record]] = field(default_factory=dict)
    read_up_to: dict[str, int] = field(default_factory=dict)

    def topics(self) -> Mapping[str, int]:
        return dict.fromkeys(self.records, 1)

    def committed(self, group: str, places: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], int]:
        assert group == "audit.run"
        return {place: self.read_up_to.get(place[0], len(self.records[place[0]])) for place in places}

    def read(self, topics: Iterable[str], since: Mapping[tuple[str, int], int] | None = None) -> Iterator[Placed]:
        for topic in topics:
            for offset, record in enumerate(self.records[topic]):
                if offset >= (since or {}).get((topic, 0), 0):
                    yield Placed(record, 0, offset)


@dataclass
class Tables:
    """Tables in memory."""

    rows: dict[str, int] = field(default_factory=dict)
    entries: list[str] = field(default_factory=list)

    def counts(self, tables: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
        return {(schema, table): self.rows.get(f"{schema}.{table}", 0) for schema, table in tables}

    def numbers(self, schema: str, column: str, values: Collection[str]) -> Counter[str]:
        assert (schema, column) == ("audit", "entries.event_id")
        return Counter(name for name in self.entries if name in values)


class System:
    """A system in which every write is followed by what a test says."""

    def __init__(self, folder: Path) -> None:
        self.topics, self.tables = Topics({"users.run": [], "users.dlq.run": []}), Tables()
        versions = {}
        for name in ("old", "new"):
            (folder / name).mkdir()
            (folder / name / "servanda.toml").write_text(CONFIGURATION)
            versions[name] = Ready(Version(name), Source(folder / name), load(folder / name / "servanda.toml"))
        self.watch = EventWatch(versions, self.topics, self.tables, "run", LIMITS)

    def write(self, trace: str, *, applied: int = 1, kind: str = "UserCreated") -> Write:
        headers = {"ce_id": f"event-{trace}", "ce_type": kind, "ce_traceparent": f"00-{trace}-1-00"}
        record = Record("users.run", b"k", trace.encode(), tuple((k, v.encode()) for k, v in headers.items()), 10)
        self.topics.records["users.run"].append(record)
        self.tables.entries += [f"event-{trace}"] * applied
        return Write("POST", "/users", trace)

    def give_up(self, trace: str, time: int = 20) -> None:
        sent = self.topics.records["users.run"][-1]
        headers = (*sent.headers, ("x-error", b"no such field"))
        self.topics.records["users.dlq.run"].append(Record("users.dlq.run", b"k", sent.value, headers, time))

    async def look(self, phase: Phase, live: Mapping[str, tuple[str, ...]], *writes: Write) -> tuple[Break, ...]:
        return await self.watch.examine(Step(2, phase, MappingProxyType(dict(live)), "users"), writes)


@pytest.fixture
async def system(tmp_path: Path) -> System:
    """A system whose old version alone publishes one event after each write, and applies it once."""
    found = System(tmp_path)
    step = Step(1, Phase.OLD, MappingProxyType(OLD))
    await found.watch.begin(step)
    assert not await found.look(Phase.OLD, OLD, found.write("1"), found.write("2"))
    await found.watch.begin(step)
    return found


async def rolling(system: System, *writes: Write) -> tuple[Break, ...]:
    return await system.look(Phase.ROLLING, ROLLING, *writes)


def told(breaks: Iterable[Break]) -> list[tuple[str, str, str | None, str | None]]:
    return [(f"{each.call} {each.what}", each.path, each.expected, each.actual) for each in breaks]


async def test_what_is_published_read_and_applied_once_is_right(system: System) -> None:
    assert not await rolling(system, system.write("3"))


async def test_a_write_without_its_event_is_told(system: System) -> None:
    found = await rolling(system, Write("POST", "/users", "3"))
    assert [(each.call, each.path, each.expected, each.actual) for each in found] == [
        ("POST /users", "users UserCreated", "1", "0")
    ]


async def test_an_event_that_is_applied_twice_is_told(system: System) -> None:
    found = await rolling(system, system.write("3", applied=2))
    what = "the consumer audit (old) has 2 rows of the event UserCreated event-3"
    assert told(found) == [(what, "entries.event_id", "1", "2")]


async def test_an_event_that_is_read_and_not_applied_is_told(system: System) -> None:
    found = await rolling(system, system.write("3", applied=0))
    assert [(each.path, each.actual) for each in found] == [("entries.event_id", "0")]


async def test_an_event_that_is_given_up_is_told_with_the_reason(system: System) -> None:
    write = system.write("3", applied=0)
    system.give_up("3")
    found = await rolling(system, write)
    what = "the consumer audit (old) gives up the event UserCreated event-3: no such field"
    assert told(found) == [(what, "users UserCreated", None, "no such field")]


async def test_an_event_that_was_given_up_before_it_was_sent_again_is_right(system: System) -> None:
    write = system.write("3")
    system.give_up("3", time=5)
    assert not await rolling(system, write)


async def test_a_consumer_that_does_not_read_on_is_told(system: System) -> None:
    write = system.write("3")
    system.topics.read_up_to["users.run"] = 2
    what = "the consumer audit (old) has a group 'audit' that does not read on after 2 of 3 records of users[0]"
    assert told(await rolling(system, write)) == [(what, "users", "3", "2")]


async def test_an_event_that_stays_in_the_outbox_is_told(system: System) -> None:
    system.tables.rows["users.outbox"] = 1
    what = "the service users leaves 1 events in its table outbox"
    assert told(await rolling(system)) == [(what, "users.outbox", "0", "1")]


async def test_a_type_of_event_that_the_old_version_passed_over_needs_no_row(system: System) -> None:
    write = system.write("3", kind="UserArchived", applied=0)
    assert [each.path for each in await rolling(system, write)] == ["users UserCreated"]


async def test_what_contracts_sent_before_the_journeys_needs_no_row(system: System) -> None:
    system.write("3", applied=0)
    await system.watch.begin(Step(2, Phase.ROLLING, MappingProxyType(ROLLING), "users"))
    assert not await rolling(system)


async def test_what_the_old_version_gives_up_is_nothing_new(tmp_path: Path) -> None:
    system = System(tmp_path)
    write = system.write("1")
    unreadable = system.write("2", applied=0, kind="Unreadable")
    system.give_up("2")
    assert not await system.look(Phase.OLD, OLD, write, unreadable)
    unreadable = system.write("3", applied=0, kind="Unreadable")
    system.give_up("3")
    assert not await rolling(system, unreadable, system.write("4"))


async def test_one_type_that_the_old_version_gives_up_hides_no_other_one(tmp_path: Path) -> None:
    system = System(tmp_path)
    write = system.write("1")
    system.write("2", applied=0, kind="Unreadable")
    system.give_up("2")
    assert not await system.look(Phase.OLD, OLD, write)
    write = system.write("3", applied=0)
    system.give_up("3")
    assert [each.path for each in await rolling(system, write)] == ["users UserCreated"]


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda system: system.tables.rows.update({"users.outbox": 1}), "leaves 1 events"),
        (lambda system: system.topics.read_up_to.update({"users.run": 0}), "does not read on"),
        (lambda system: system.tables.entries.clear(), "has no row of any event"),
    ],
)
async def test_a_configuration_that_the_old_version_contradicts_is_refused(
    tmp_path: Path, prepare: Callable[[System], None], said: str
) -> None:
    system = System(tmp_path)
    write = system.write("1")
    prepare(system)
    with pytest.raises(ConfigurationError, match=said):
        await system.look(Phase.OLD, OLD, write)


def test_a_system_that_configures_no_events_is_not_watched(tmp_path: Path) -> None:
    (tmp_path / "servanda.toml").write_text('[services.users]\ncommand = ["true"]\n')
    ready = Ready(Version("one"), Source(tmp_path), load(tmp_path / "servanda.toml"))
    assert watch_of({"one": ready}, {"kafka.bootstrap": "127.0.0.1:9"}, "run", LIMITS) is None
