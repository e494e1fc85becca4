"""Fetching the jars of a lock, and nothing else than these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from servanda.cache import held, touch
from servanda.errors import InfrastructureError
from servanda.infra.jvm.lock import Jar, JarLock

Download = Callable[[Jar, Path], None]
"""Puts a jar into the Maven repository at this path."""

_PARALLEL = 8
_NO_NETWORK = (
    "Kafka is downloaded once per host: connect this host to the network, copy the cache of another host, or "
    "choose docker or external for kafka"
)
_OWN_CERTIFICATE = (
    "if the certificate is that of your own network, name the file that holds it in REQUESTS_CA_BUNDLE; else copy the "
    "cache of another host there, or choose docker or external for kafka"
)


def provide(
    lock: JarLock, repository: Path, *, announce: Callable[[str], None], download: Download | None = None
) -> tuple[Path, ...]:
    """Return the jars of a lock, in its order, each verified now. Safe among processes.

    Somebody may remove them afterwards: see :func:`provided`.

    Args:
        lock: What is wanted.
        repository: Local Maven repository that jars are kept in.
        announce: Told if something has to be downloaded.
        download: How a jar is fetched; from Maven Central by default.

    Raises:
        InfrastructureError: A jar cannot be fetched, or is not what the lock says.
    """
    with provided(lock, repository, announce=announce, download=download) as found:
        return found


@contextmanager
def provided(
    lock: JarLock, repository: Path, *, announce: Callable[[str], None], download: Download | None = None
) -> Iterator[tuple[Path, ...]]:
    """Yield the jars of a lock, see :func:`provide`; within the block nobody removes them.

    Raises:
        InfrastructureError: A jar cannot be fetched, or is not what the lock says.
    """
    while True:
        repository.mkdir(parents=True, exist_ok=True)
        with held(repository, alone=False):
            if not _missing(lock.jars, repository):
                touch(repository)
                with ThreadPoolExecutor(_PARALLEL) as pool:
                    for _ in pool.map(lambda jar: jar.verify(repository / jar.path), lock.jars):
                        pass
                yield tuple(repository / jar.path for jar in lock.jars)
                return
        with held(repository, alone=True):
            repository.mkdir(parents=True, exist_ok=True)
            if missing := _missing(lock.jars, repository):
                size = sum(jar.size for jar in missing) / 1e6
                announce(f"{len(missing)} jars of {lock.roots[0]} ({size:.0f} MB)")
                _fetch(missing, repository, download or _from_maven_central)
            for jar in _missing(lock.jars, repository):
                what = f"the jar {jar.coordinate} is not there after its download"
                raise InfrastructureError(what, where=str(repository), hint=_NO_NETWORK)


def _missing(jars: Iterable[Jar], repository: Path) -> tuple[Jar, ...]:
    return tuple(jar for jar in jars if not (repository / jar.path).is_file())


def _fetch(jars: tuple[Jar, ...], repository: Path, download: Download) -> None:
    with ThreadPoolExecutor(_PARALLEL) as pool:
        outcomes = [(jar, pool.submit(download, jar, repository)) for jar in jars]
    for jar, outcome in outcomes:
        error = outcome.exception()
        if error is not None:
            raise InfrastructureError(
                f"the jar {jar.coordinate} could not be downloaded: {error}",
                where=str(repository),
                hint=_OWN_CERTIFICATE if "CERTIFICATE_VERIFY_FAILED" in str(error) else _NO_NETWORK,
            ) from error


def _from_maven_central(jar: Jar, repository: Path) -> None:
    # Imported here because it is slow to import and needed once per host.
    from jgo.maven import MavenContext  # noqa: PLC0415

    group, artifact, version = jar.coordinate.split(":")
    MavenContext(repo_cache=repository, timeout=60).project(group, artifact).at_version(version).artifact().resolve()
