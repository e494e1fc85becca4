"""Apache Kafka in KRaft mode, from its Maven coordinates, on a Java from a wheel or from PATH."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from confluent_kafka import KafkaException

from servanda.errors import InfrastructureError
from servanda.infra.bringup import BringUp, Running
from servanda.infra.cache import copy_folder, prepared, run_folder
from servanda.infra.embedded.seat import Part, Seat, take_seat
from servanda.infra.jvm.jars import provide, provided
from servanda.infra.jvm.java import Java, find_java
from servanda.infra.jvm.lock import JarLock, read_lock
from servanda.infra.listening import Listening, listen
from servanda.infra.stores.kafka.endpoint import NAME, KafkaEndpoint
from servanda.infra.stores.kafka.probe import metadata_probe
from servanda.infra.stores.kafka.properties import server_properties
from servanda.infra.stores.kafka.warmup import warm_up
from servanda.processes import Account, Child, StopPolicy, run_tool
from servanda.verdict import StoreFact

_MAVEN = "maven"
_ARCHIVE = "archive"
_LOCK = Path(__file__).with_name("kafka.lock")
# A short life on two cores: the first compiler tier and the plainest collector start fastest. Performance data would be
# written to a folder of /tmp whose name everybody can foresee.
_JVM = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xms256m", "-Xmx512m", "-XX:-UsePerfData")
_LOGGING = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true")
_CLUSTER = re.compile(r"^cluster\.id=(.+)$", re.MULTILINE)
_STOP = StopPolicy(grace=2)
_STOP_AND_ARCHIVE = StopPolicy(grace=120)


@dataclass(frozen=True, slots=True)
class _Broker:
    java: Java
    lock: JarLock
    repository: Path

    @property
    def template(self) -> str:
        """Return the name of the cache entry: an archive fits one Java, one set of flags and one set of jars."""
        parts = (self.lock.digest, self.java.identity, *_JVM, str(self.repository))
        return f"kafka-{self.lock.version}-{hashlib.sha256(' '.join(parts).encode()).hexdigest()[:12]}"

    def seat(self, folder: Path) -> Seat:
        """Decide who runs the broker in a folder."""
        home = self.java.program.parents[1]
        parts = (
            Part(home, self.java.program.relative_to(home), program=True),
            Part(self.repository, self.lock.jars[0].path),
        )
        # A host that lets root be nobody else can still run it: unlike PostgreSQL it does not insist.
        return take_seat(folder, parts) or Seat(Account(), folder, (home, self.repository))

    def command(self, seat: Seat, main: str, *arguments: str, jvm: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return the command that runs a program of the broker's jars."""
        home, repository = seat.parts
        program = home / self.java.program.relative_to(self.java.program.parents[1])
        path = os.pathsep.join(str(repository / jar.path) for jar in self.lock.jars)
        return seat.command(program, *_JVM, *jvm, *_LOGGING, "-cp", path, main, *arguments)


def start(task: BringUp) -> Running:
    """Start a broker on a copy of the host's warm template.

    Raises:
        InfrastructureError: There is no Java, a jar is not what the lock says or cannot be had, or the broker does not
            answer.
    """
    lock = read_lock(_LOCK)
    java = find_java(task.choice.java)
    broker = _Broker(java, lock, task.choice.cache / _MAVEN)
    folder = run_folder(NAME)
    try:
        # What a broker has opened stays with it, whoever removes the files later.
        with provided(lock, broker.repository, announce=task.prepare):
            found = _start_on_copy(task, broker, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise

    def stop() -> None:
        found.server.stop()
        shutil.rmtree(folder, ignore_errors=True)

    fact = StoreFact(NAME, "embedded", f"Apache Kafka {lock.version} (Java {java.version})")
    return Running(KafkaEndpoint(f"127.0.0.1:{found.ports[0]}", fact), stop, found.server)


def _start_on_copy(task: BringUp, broker: _Broker, folder: Path) -> Listening[bool]:
    with prepared(task.choice.cache, broker.template, lambda target: _train(task, broker, target)) as template:
        seat = broker.seat(folder)
        copy_folder(template / "data", folder / "data")
        _name_cluster(folder / "data")
        archive = template / _ARCHIVE
        if not seat.account.may_read(archive):
            archive = folder / _ARCHIVE
            copy_folder(template / _ARCHIVE, archive)
        return _serve(task, broker, seat, jvm=broker.java.trained_options(archive), policy=_STOP)


def jars(cache: Path, announce: Callable[[str], None] = lambda _what: None) -> tuple[Path, ...]:
    """Return the verified jars of the broker; downloaded into the cache of this host if they are not there.

    Raises:
        InfrastructureError: A jar cannot be fetched, or is not what the lock says.
    """
    return provide(read_lock(_LOCK), cache / _MAVEN, announce=announce)


def _serve(task: BringUp, broker: _Broker, seat: Seat, *, jvm: tuple[str, ...], policy: StopPolicy) -> Listening[bool]:
    folder = seat.folder

    def launch(ports: tuple[int, ...]) -> Child:
        settings = folder / "server.properties"
        settings.write_text(server_properties(ports[0], ports[1], folder / "data"))
        seat.account.give(folder)
        return Child(
            broker.command(seat, "kafka.Kafka", str(settings), jvm=jvm),
            folder / "server.log",
            environment=seat.environment(),
            folder=folder,
            policy=policy,
            scratch=folder,
        )

    return listen(task, launch, metadata_probe(_cluster(folder / "data")), count=2)


def _cluster(data: Path) -> str:
    found = _CLUSTER.search((data / "meta.properties").read_text())
    if found is None:
        raise InfrastructureError("the data folder of the broker has no cluster id", where=str(data))
    return found[1]


def _name_cluster(data: Path) -> None:
    # Copies of one template would all be the same cluster, and a client could not tell two runs apart.
    path = data / "meta.properties"
    path.write_text(_CLUSTER.sub(f"cluster.id={_new_id()}", path.read_text()))


def _new_id() -> str:
    # The first byte is 0, for the format tool takes an id that begins with a hyphen for an option.
    return urlsafe_b64encode(b"\0" + uuid4().bytes[1:]).decode().rstrip("=")


def _train(task: BringUp, broker: _Broker, target: Path) -> None:
    """Fill a template: formatted data with the internal topics, and an archive of the classes that a start loads."""
    task.prepare("a warm broker (once per host)")
    work = run_folder("train")
    try:
        seat = broker.seat(work)
        _format(broker, seat)
        options = broker.java.training_options(work / _ARCHIVE)
        found = _serve(task, broker, seat, jvm=options, policy=_STOP_AND_ARCHIVE)
        try:
            warm_up(f"127.0.0.1:{found.ports[0]}")
        except KafkaException as error:
            raise task.failure(f"the new broker refused: {error.args[0]}", found.server.last_lines()) from error
        finally:
            found.server.stop()
        if not (work / _ARCHIVE).exists():
            raise task.failure("the broker ended without writing its archive", found.server.last_lines())
        for deleted in (work / "data").glob("*-delete"):
            shutil.rmtree(deleted)
        for part in ("data", _ARCHIVE):
            copy_folder(work / part, target / part)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _format(broker: _Broker, seat: Seat) -> None:
    settings = seat.folder / "server.properties"
    settings.write_text(server_properties(1, 2, seat.folder / "data"))
    seat.account.give(seat.folder)
    command = broker.command(seat, "kafka.tools.StorageTool", "format", "-t", _new_id(), "-c", str(settings))
    done = run_tool(command, seat.environment(), folder=seat.folder)
    if done.code != 0:
        raise InfrastructureError(f"Kafka's data folder could not be formatted: {done.complaint}")
