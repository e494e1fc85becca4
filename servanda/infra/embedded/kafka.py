"""Apache Kafka in KRaft mode, from its Maven coordinates, on a Java from a wheel or from PATH."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from confluent_kafka import KafkaException

from servanda.configuration import Store
from servanda.errors import InfrastructureError
from servanda.infra.bringup import BringUp, Running
from servanda.infra.cache import copy_folder, prepared, run_folder
from servanda.infra.endpoints import KafkaEndpoint
from servanda.infra.jvm.jars import provide
from servanda.infra.jvm.java import Java, find_java
from servanda.infra.jvm.lock import JarLock, read_lock
from servanda.infra.jvm.probe import metadata_probe
from servanda.infra.jvm.properties import server_properties
from servanda.infra.jvm.warmup import warm_up
from servanda.infra.listening import Listening, listen
from servanda.processes import Child, StopPolicy
from servanda.verdict import StoreFact

_LOCK = Path(__file__).with_name("kafka.lock")
# A short life on two cores: the first compiler tier and the plainest collector start fastest.
_JVM = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xms256m", "-Xmx512m")
_LOGGING = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true")
_CLUSTER = re.compile(r"^cluster\.id=(.+)$", re.MULTILINE)
_STOP = StopPolicy(grace=2)
_STOP_AND_ARCHIVE = StopPolicy(grace=120)


@dataclass(frozen=True, slots=True)
class _Broker:
    java: Java
    jars: tuple[Path, ...]
    lock: JarLock

    def command(self, main: str, *arguments: str, jvm: tuple[str, ...] = ()) -> list[str]:
        path = os.pathsep.join(str(jar) for jar in self.jars)
        return [str(self.java.program), *_JVM, *jvm, *_LOGGING, "-cp", path, main, *arguments]

    @property
    def template(self) -> str:
        """Name of the cache entry: an archive fits one Java, one set of flags and one set of jars, at their place."""
        parts = (self.lock.digest, str(self.java.program), self.java.version, *_JVM, str(self.jars[0]))
        return f"kafka-{self.lock.version}-{hashlib.sha256(' '.join(parts).encode()).hexdigest()[:12]}"


def start(task: BringUp) -> Running:
    """Start a broker on a copy of the host's warm template.

    Raises:
        InfrastructureError: There is no Java, a jar is not what the lock says or cannot be had, or the broker does not
            answer.
    """
    lock = read_lock(_LOCK)
    java = find_java(task.choice.java)
    broker = _Broker(java, jars(task.choice.cache, task.prepare), lock)
    template = prepared(task.choice.cache, broker.template, lambda folder: _train(task, broker, folder))
    folder = run_folder(Store.KAFKA)
    try:
        copy_folder(template / "data", folder / "data")
        _name_cluster(folder / "data")
        found = _serve(task, broker, folder, jvm=java.trained_options(template / "archive"), policy=_STOP)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise

    def stop() -> None:
        found.server.stop()
        shutil.rmtree(folder, ignore_errors=True)

    fact = StoreFact(Store.KAFKA, "embedded", f"Apache Kafka {lock.version} (Java {java.version})")
    return Running(KafkaEndpoint(f"127.0.0.1:{found.ports[0]}", fact), stop)


def jars(cache: Path, announce: Callable[[str], None] = lambda _what: None) -> tuple[Path, ...]:
    """The verified jars of the broker; downloaded into the cache of this host if they are not there.

    Raises:
        InfrastructureError: A jar cannot be fetched, or is not what the lock says.
    """
    return provide(read_lock(_LOCK), cache / "maven", announce=announce)


def _serve(
    task: BringUp, broker: _Broker, folder: Path, *, jvm: tuple[str, ...], policy: StopPolicy
) -> Listening[bool]:
    def launch(ports: tuple[int, ...]) -> Child:
        settings = folder / "server.properties"
        settings.write_text(server_properties(ports[0], ports[1], folder / "data"))
        command = broker.command("kafka.Kafka", str(settings), jvm=jvm)
        return Child(command, folder / "server.log", policy=policy, scratch=folder)

    return listen(task, launch, metadata_probe(_cluster(folder / "data")), count=2)


def _cluster(data: Path) -> str:
    found = _CLUSTER.search((data / "meta.properties").read_text())
    if found is None:
        raise InfrastructureError("the data folder of the broker names no cluster", where=str(data))
    return found[1]


def _name_cluster(data: Path) -> None:
    # Copies of one template would all be the same cluster, and a client could not tell two runs apart.
    path = data / "meta.properties"
    path.write_text(_CLUSTER.sub(f"cluster.id={_new_id()}", path.read_text()))


def _new_id() -> str:
    # The first byte is 0, for the format tool takes an id that begins with a hyphen for an option.
    return urlsafe_b64encode(b"\0" + uuid4().bytes[1:]).decode().rstrip("=")


def _train(task: BringUp, broker: _Broker, folder: Path) -> None:
    """Fill a template: formatted data with the internal topics, and an archive of the classes that a start loads."""
    task.prepare("a warm broker (once per host)")
    work = Path(tempfile.mkdtemp(prefix="train-", dir=folder))
    settings = work / "server.properties"
    settings.write_text(server_properties(1, 2, work / "data"))
    _format(broker, settings)
    options = broker.java.training_options(folder / "archive")
    found = _serve(task, broker, work, jvm=options, policy=_STOP_AND_ARCHIVE)
    try:
        warm_up(f"127.0.0.1:{found.ports[0]}")
    except KafkaException as error:
        raise task.failure(f"the new broker refused: {error.args[0]}", found.server.last_lines()) from error
    finally:
        found.server.stop()
    if not (folder / "archive").exists():
        raise task.failure("the broker ended without writing its archive", found.server.last_lines())
    for deleted in (work / "data").glob("*-delete"):
        shutil.rmtree(deleted)
    (work / "data").rename(folder / "data")
    shutil.rmtree(work)


def _format(broker: _Broker, settings: Path) -> None:
    command = broker.command("kafka.tools.StorageTool", "format", "-t", _new_id(), "-c", str(settings))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise InfrastructureError(f"Kafka's data folder could not be formatted: {done.stderr.strip()}")
