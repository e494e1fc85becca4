"""The shape of the configuration: what ``servanda.toml`` or ``[tool.servanda]`` may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from servanda.configuration.limits import DEFAULT_LIMITS, Limits
from servanda.configuration.rules import NO_LEVELS, Level, RuleLevels
from servanda.verdict import Transport

Store: TypeAlias = str
"""Name of a kind of store that services need, one of :data:`servanda.extensions.STORES`."""


@dataclass(frozen=True, slots=True)
class Pacticipant:
    """A party to contracts, with the people who answer for it.

    Attributes:
        openapi: The OpenAPI document that says what it serves, relative to the configuration's root.
    """

    name: str
    owner: str = ""
    openapi: str = ""


@dataclass(frozen=True, slots=True)
class Migrations:
    """Migrations of the schema of a service.

    Attributes:
        folder: Folder of the migrations.
        style: How they are written: ``sql``, ``alembic`` or ``django``.
        schema: Schema that they are applied to, and that the statements of the service find by their search path; empty
            for the name of the service.
        record: Whether a process of the service that is started notes the statements that it runs.
    """

    folder: Path
    style: str = "sql"
    schema: str = ""
    record: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """A process of the system under test.

    ``command``, ``migrate``, ``ready`` and the values of environments may hold placeholders that are filled when the
    process is started: ``{python}``, ``{port.<name>}``, ``{namespace}``, ``{postgres.<part>}`` (host, port, database,
    user, password), ``{redis.<part>}`` (host, port, url), ``{kafka.bootstrap}``. The values of environments and headers
    may name secrets, see :class:`servanda.configuration.Secrets`.

    Attributes:
        openapi: The OpenAPI document that says what it serves, relative to the configuration's root.
        command: How it is started.
        migrate: How its schema is brought up to date before the start; empty if there is nothing to migrate.
        migrations: The migrations that ``migrate`` applies, for who compares them; ``None`` if nobody does.
        migrate_environment: What ``migrate`` gets in place of ``environment`` unless it is empty: rights that the
            process itself must not have. It is started as soon as the stores that are named in it are up.
        parity_environment: What wins over ``environment`` while ``servanda parity`` runs it, as what hangs on a clock
            would differ between two instances by chance.
        versions_environment: What wins over ``environment`` while ``servanda versions`` runs it: shorter delays.
        ports: Names of the ports that it listens on; each gets a free one.
        transports: Port name by transport on which it can be verified.
        ready: Address of its readiness probe: ``http(s)://`` answers 200 as soon as it serves, ``grpc://`` says SERVING
            (``grpc.health.v1``), ``tcp://`` accepts connections. Without one all ports have to.
        ready_seconds: How long it may take from its start until it is ready; ``None`` for what the limits say.
        depends_on: Services that are started before it.
        stores: Stores that it needs.
        states: Provider states, as ``module:callable``; see ``docs/how-to/provider-states.md``.
        states_url: URL that makes provider states true for which ``states`` have no handler; a path is one of its own
            HTTP port. It may hold ``{port.<name>}``.
        headers: Headers, of a call the metadata, of every request of the verification.
        ca: File of the authorities that its certificates are checked against, relative to the configuration's root;
            those of the system if empty.
        certificate: File of the certificate that the verification shows to it, with its key, or a secret that holds
            both; none if empty.
        routes: By transport and by the beginning of a path, of a call ``/package.Service``, the name of the port or the
            URL that serves it in place of the port of the transport.
        request_filter: Function that changes each request of the verification, as ``module:callable``; none if empty.
        topics: Topics, without namespace, that it publishes to.
        watch: Files and folders, relative to the configuration's root, of the code that it runs.
        drain_seconds: How long it may take to finish its work after SIGTERM.
    """

    name: str
    command: tuple[str, ...]
    owner: str = ""
    openapi: str = ""
    migrate: tuple[str, ...] = ()
    migrations: Migrations | None = None
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    migrate_environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    parity_environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    versions_environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    ports: tuple[str, ...] = ()
    transports: Mapping[Transport, str] = field(default_factory=lambda: MappingProxyType({}))
    ready: str = ""
    ready_seconds: float | None = None
    depends_on: tuple[str, ...] = ()
    stores: tuple[Store, ...] = ()
    states: tuple[str, ...] = ()
    states_url: str = ""
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    ca: str = ""
    certificate: str = field(default="", repr=False)
    routes: Mapping[Transport, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    request_filter: str = ""
    topics: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()
    drain_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Interfaces:
    """Places of the interface definitions.

    Attributes:
        root: Folder of the proto workspace; a ``buf.yaml`` in it is read.
        releases: Folder of the descriptor images of released versions.
        allow_buf_plugins: Whether the gate lets buf run the plugins and policies that ``buf.yaml`` names. What counts
            is what the state that is compared with says.
        lint: Whether the gate runs ``buf lint`` on the definitions.
        values: Folder of the documents that declare formats of cached values.
    """

    root: Path
    releases: Path
    values: Path
    allow_buf_plugins: bool = False
    lint: bool = False


@dataclass(frozen=True, slots=True)
class EventConsumer:
    """A service that reads events.

    Attributes:
        name: Name of the service.
        topics: Topics that it reads, without namespace.
        group: Its consumer group, without namespace; empty for the name of the service.
        schema: Schema of its tables; empty for the name of the service.
        ignore: Tables, or columns as ``table.column``, that are no effects of events, or new each time.
        waiting: Tables that are empty once everything was applied: what is parked, or waits to be sent.
        dead_letters: How the topic of records that it gives up is called, from ``{topic}``; empty if it has none.
        effects: Columns, as ``table.column``, with the identifier of the event of which a row was made: each event that
            it reads and does not give up has exactly one row there.
        environment: Additional environment of its process.
    """

    name: str
    topics: tuple[str, ...] = ()
    group: str = ""
    schema: str = ""
    ignore: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    dead_letters: str = ""
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)


@dataclass(frozen=True, slots=True)
class EventPublisher:
    """A service that publishes events by way of tables.

    Attributes:
        name: Name of the service.
        schema: Schema of its tables; empty for the name of the service.
        waiting: Tables that are empty once everything was published, such as an outbox.
    """

    name: str
    schema: str = ""
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Events:
    """Declaration, naming and recording of events.

    Attributes:
        option: Full name of the message option that marks an event, if events are declared by one. Its type has the
            fields ``topic``, ``key``, ``headers`` and ``retention_hours``.
        topic: How the name of a topic is made for a run, from ``{topic}`` and ``{namespace}``.
        messages: Full name of a message by what contracts say of an event in JSON: its topic, its description, or a
            value in its metadata.
        corpus: Folder of the recorded events.
        redact: What nobody may read of a recorded event: ``key``, ``header.NAME``, or members of JSON as JSONPath
            without indexes.
        enums: Members of JSON whose values are part of the shape of an event, as JSONPath without indexes.
        consumers: Services that read events, by name.
        publishers: Services whose tables hold events that are not published yet, by name.
        gate: Whether the gate has a stage that replays them, where there is a corpus.
    """

    option: str = ""
    topic: str = "{topic}"
    messages: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    corpus: Path = Path("contracts/events")
    redact: tuple[str, ...] = ()
    enums: tuple[str, ...] = ()
    consumers: Mapping[str, EventConsumer] = field(default_factory=lambda: MappingProxyType({}))
    publishers: Mapping[str, EventPublisher] = field(default_factory=lambda: MappingProxyType({}))
    gate: bool = True


@dataclass(frozen=True, slots=True)
class ImpactSettings:
    """Weight of what is known about consumers.

    Attributes:
        max_age: Age in days up to which a usage log proves anything; ``None`` if it does for ever.
        source_only: Level of a change after which all known consumers have to generate code again and nothing else;
            ``None`` leaves it to the rules.
    """

    max_age: int | None = None
    source_only: Level | None = None


@dataclass(frozen=True, slots=True)
class BrokerSettings:
    """Choice of contracts by a broker.

    Attributes:
        url: Address of the broker; empty for that of ``PACT_BROKER_BASE_URL``.
        selectors: Consumer version selectors, as the broker knows them; none leaves the choice to it.
        pending: Whether contracts that never held break nothing.
        wip_since: Day from which contracts that are work in progress are verified as well, ``2026-01-31``; empty for
            none.
    """

    url: str = ""
    selectors: tuple[Mapping[str, object], ...] = ()
    pending: bool = True
    wip_since: str = ""


@dataclass(frozen=True, slots=True)
class RecordCommand:
    """Command that runs tests of consumers, which record their contracts.

    Attributes:
        name: Its name; empty for the only one.
        command: The command. It finds the folder to record into in ``SERVANDA_PACT_DIR``.
        consumers: The consumers whose contracts it records; empty for all.
    """

    name: str
    command: tuple[str, ...]
    consumers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contracts:
    """Places of the contracts and the commands that record them.

    Attributes:
        pacts: Folder of the pact files.
        broker: What is verified from a broker.
        record: Commands that run the consumers' tests.
    """

    pacts: Path
    record: tuple[RecordCommand, ...] = ()
    broker: BrokerSettings = BrokerSettings()


@dataclass(frozen=True, slots=True)
class EndToEnd:
    """The journeys through the running platform.

    Attributes:
        command: Command that runs them; empty if there are none. ``environment`` knows the placeholders of services and
            ``{<service>.port.<name>}`` besides.
    """

    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)


INSTANCES: Final = range(2, 6)
"""How many instances a service may have while it is exchanged."""
RUNS_AT_ONCE: Final = range(1, 65)
"""How many runs of a plan may be carried out at once."""


@dataclass(frozen=True, slots=True)
class VersionSettings:
    """Versions that are live beside the working tree, and how one is made ready to run.

    Attributes:
        live: Releases, git references, folders and wheels that begin with ``./``, ``../`` or ``/``, or container images
            that begin with ``image:``; the oldest first. Empty for the newest release.
        build: Command that is run in the folder of a version that git gave; empty leaves it to the suite.
        python: Python of a version, relative to its folder; the suite's own if there is no such file.
        volatile: Members of answers that differ from one time to the next, as JSONPath without indexes.
        gate: Whether the gate has a stage that runs them together.
        instances: How many instances a service has while it is exchanged; more than two show both an old and a new one
            beside several of the other version.
        runs_at_once: How many runs of a plan are carried out at once; ``None`` for one for each processor, and for one
            at a time where a store is external.
    """

    live: tuple[str, ...] = ()
    build: tuple[str, ...] = ()
    python: str = ".venv/bin/python"
    volatile: tuple[str, ...] = ()
    gate: bool = False
    instances: int = 2
    runs_at_once: int | None = None


@dataclass(frozen=True, slots=True)
class Up:
    """Additions of ``servanda up`` to the running platform.

    Attributes:
        seed: Command that fills it with data once everything is ready; empty if there is none. ``environment`` and
            ``examples`` know the placeholders of services and ``{<service>.port.<name>}`` besides.
        environment: Additional environment of ``seed``.
        examples: Commands for a shell that are shown for trying; empty for those that contracts give.
    """

    seed: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AcceptedDifference:
    """Difference between the answers over gRPC and over HTTP that is meant to be.

    Attributes:
        rpc: Full names of rpcs, with ``*`` for any text.
        aspect: Name of the aspect, as ``servanda parity`` tells it.
        reason: Why it is meant to be.
        path: Place of the difference, with ``*`` for any text.
        value: What both sides tell there, with ``*`` for the text that differs.
    """

    rpc: str
    aspect: str
    reason: str
    path: str = "*"
    value: str = "*"


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything that a repository says about itself.

    Attributes:
        root: Folder of the configuration file; relative paths and commands start from it.
        entry: Service through which outside traffic enters, if one does.
        impact: The weight of what is known about consumers.
        limits: The bounds within which everything ends.
        parity: Differences between gRPC and HTTP that are meant to be.
        rules: The levels that the repository chose for rules.
        versions: The versions that are live.
        up: What a platform that somebody tries out begins with.
        file: The configuration file; ``None`` if it was not read from one.
    """

    root: Path
    interfaces: Interfaces
    events: Events
    contracts: Contracts
    end_to_end: EndToEnd
    services: Mapping[str, Service]
    pacticipants: Mapping[str, Pacticipant]
    entry: str = ""
    impact: ImpactSettings = ImpactSettings()
    limits: Limits = DEFAULT_LIMITS
    parity: tuple[AcceptedDifference, ...] = ()
    rules: RuleLevels = NO_LEVELS
    versions: VersionSettings = VersionSettings()
    up: Up = Up()
    file: Path | None = None

    @property
    def records_statements(self) -> bool:
        """Tell whether a service notes the statements that it runs."""
        return any(each.migrations is not None and each.migrations.record for each in self.services.values())

    def is_external(self, consumer: str) -> bool:
        """Tell whether the contracts of a consumer are recorded elsewhere.

        No command names it; or one that records everybody might, but it is no configured party.
        """
        record = self.contracts.record
        if any(consumer in each.consumers for each in record):
            return False
        return bool(record) and (consumer not in self.pacticipants or all(each.consumers for each in record))
