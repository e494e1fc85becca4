"""Diagnoses of the installation: the suite, its extras and the programs that it calls."""

from __future__ import annotations

import importlib.util
import platform
import sysconfig
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

from servanda.configuration import Configuration
from servanda.errors import ServandaError
from servanda.extras import EXTRAS, Extra
from servanda.infra.jvm.java import find_java
from servanda.infra.selection import java_candidates
from servanda.processes import find_program
from servanda.report.diagnosis import Diagnosis, Health


def suite_diagnosis() -> Diagnosis:
    """Name the version of the suite and of Python."""
    what = f"{version('servanda')}, Python {platform.python_version()}, {sysconfig.get_platform()}"
    return Diagnosis("installation", "servanda", Health.FINE, what)


def extra_diagnoses(configuration: Configuration | None) -> Iterator[Diagnosis]:
    """Tell of each extra whether it is installed; one that is not is missing if the configuration needs it."""
    needed = dict(_needed(configuration)) if configuration is not None else {}
    for extra in EXTRAS:
        name = f"servanda[{extra.name}]"
        if _is_installed(extra):
            yield Diagnosis("installation", name, Health.FINE, f"installed, for {extra.purpose}")
        elif extra.name in needed:
            what = f"not installed, and needed for {extra.purpose}: {needed[extra.name]}"
            yield Diagnosis("installation", name, Health.MISSING, what, extra.installation)
        else:
            yield Diagnosis("installation", name, Health.UNNEEDED, f"not installed; it is for {extra.purpose}")


def tool_diagnoses(environ: Mapping[str, str]) -> Iterator[Diagnosis]:
    """Tell which programs can be called."""
    try:
        yield Diagnosis("installation", "git", Health.FINE, str(find_program("git", environ)))
    except ServandaError as error:
        yield Diagnosis("installation", "git", Health.UNNEEDED, error.what, error.hint or "")
    try:
        java = find_java(java_candidates(environ), environ=environ)
    except ServandaError:
        yield Diagnosis("installation", "java", Health.UNNEEDED, "no Java 17 or later; an embedded Kafka needs it")
    else:
        yield Diagnosis("installation", "java", Health.FINE, f"Java {java.version}, {java.program}")
    yield _docker()


def _needed(configuration: Configuration) -> Iterator[tuple[str, str]]:
    """Return the extras that a configuration needs, with the reason; those for stores are told of by each store."""
    root = configuration.interfaces.root
    grpc = [name for name, service in configuration.services.items() if "grpc" in service.transports]
    if grpc:
        yield "grpc", f"the service '{grpc[0]}' has the transport grpc"
    if root.is_dir() and any(root.rglob("*.proto")):
        yield "protobuf", f"there are proto files in {_shown(root, configuration)}"
    if configuration.interfaces.lint:
        yield "buf", "[interfaces] has lint = true"


def _shown(path: Path, configuration: Configuration) -> str:
    return str(path.relative_to(configuration.root)) if path.is_relative_to(configuration.root) else str(path)


def _is_installed(extra: Extra) -> bool:
    return all(importlib.util.find_spec(module) is not None for module in extra.modules)


def _docker() -> Diagnosis:
    try:
        # The Docker client is an extra.
        from servanda.infra.docker.engine import engine_version  # noqa: PLC0415
    except ImportError:
        return Diagnosis("installation", "docker", Health.UNNEEDED, "servanda[docker] is not installed: not asked")
    found = engine_version()
    if found is None:
        return Diagnosis("installation", "docker", Health.UNNEEDED, "no engine answers")
    return Diagnosis("installation", "docker", Health.FINE, f"an engine answers, version {found}")
