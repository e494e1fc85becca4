"""Fetching the jars of a lock, and nothing else than these."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from filelock import FileLock

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

    Args:
        lock: What is wanted.
        repository: Local Maven repository that jars are kept in.
        announce: Told if something has to be downloaded.
        download: How a jar is fetched; from Maven Central by default.

    Raises:
        InfrastructureError: A jar cannot be fetched, or is not what the lock says.
    """
    repository.mkdir(parents=True, exist_ok=True)
    if _missing(lock.jars, repository):
        with FileLock(repository / ".lock"):
            missing = _missing(lock.jars, repository)
            if missing:
                size = sum(jar.size for jar in missing) / 1e6
                announce(f"{len(missing)} jars of {lock.roots[0]} ({size:.0f} MB)")
                _fetch(missing, repository, download or _from_maven_central)
    with ThreadPoolExecutor(_PARALLEL) as pool:
        for _ in pool.map(lambda jar: jar.verify(repository / jar.path), lock.jars):
            pass
    return tuple(repository / jar.path for jar in lock.jars)


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
