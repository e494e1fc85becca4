"""The lock file of a server: the jars that it consists of, and their sums."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from servanda.errors import InfrastructureError


@dataclass(frozen=True, slots=True)
class Jar:
    """A jar as it must be.

    Attributes:
        coordinate: ``group:artifact:version``.
        sha256: Hexadecimal sum of its bytes.
        size: Number of its bytes.
    """

    coordinate: str
    sha256: str
    size: int

    @property
    def path(self) -> Path:
        """Return its path in a Maven repository, relative to the root."""
        group, artifact, version = self.coordinate.split(":")
        return Path(*group.split("."), artifact, version, f"{artifact}-{version}.jar")

    def verify(self, path: Path) -> None:
        """Check that a file is this jar.

        Raises:
            InfrastructureError: It is not.
        """
        size = path.stat().st_size
        if size != self.size:
            raise self._differs(path, f"has {size} bytes, expected {self.size}")
        with path.open("rb") as content:
            actual = hashlib.file_digest(content, "sha256").hexdigest()
        if actual != self.sha256:
            raise self._differs(path, f"has the sha256 {actual}, expected {self.sha256}")

    def _differs(self, path: Path, how: str) -> InfrastructureError:
        return InfrastructureError(
            f"the jar {self.coordinate} {how}; it was not run",
            where=str(path),
            hint="delete the file and start again; if the new download differs too, do not trust its source",
        )


@dataclass(frozen=True, slots=True)
class JarLock:
    """All jars of a server.

    Attributes:
        version: Version of the server.
        roots: Coordinates that the jars were resolved from.
        digest: Sum of the lock file itself; it changes with every jar.
    """

    version: str
    roots: tuple[str, ...]
    jars: tuple[Jar, ...]
    digest: str


def read_lock(path: Path) -> JarLock:
    """Return the lock in this file.

    Raises:
        InfrastructureError: It cannot be read.
    """
    content = path.read_bytes()
    try:
        document = tomllib.loads(content.decode())
        jars = tuple(Jar(row["coordinate"], row["sha256"], row["size"]) for row in document["jar"])
        return JarLock(document["version"], tuple(document["roots"]), jars, hashlib.sha256(content).hexdigest())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise InfrastructureError(
            f"the lock cannot be read: {error}",
            where=str(path),
            hint="regenerate it: python -m servanda.infra.jvm.relock FILE",
        ) from error
