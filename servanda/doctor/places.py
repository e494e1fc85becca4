"""Diagnoses of files, programs and secrets that a configuration names."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from servanda.configuration import REFERENCE, Configuration, Secrets
from servanda.configuration.forms import ENVIRONMENT, FILE, VALUE, VALUES_BY_NAME
from servanda.configuration.services import SERVICE
from servanda.errors import ServandaError
from servanda.report.diagnosis import Diagnosis, Health

_AREA = "configuration"


def place_diagnoses(configuration: Configuration, environ: Mapping[str, str]) -> Iterator[Diagnosis]:
    """Tell of each file, program and secret that is named and not there."""
    for key, path in _files(configuration):
        if not (configuration.root / path).is_file():
            yield Diagnosis(_AREA, key, Health.MISSING, f"there is no file {path}")
    for key, command in _commands(configuration):
        problem = _problem(command[0], configuration.root, environ)
        if problem:
            yield Diagnosis(_AREA, key, Health.MISSING, problem)
    secrets = Secrets(configuration.root, environ)
    for key, text, may_be_empty in _values(configuration):
        for found in REFERENCE.finditer(text):
            try:
                secrets.require(found, key, may_be_empty=may_be_empty)
            except ServandaError as error:
                yield Diagnosis(_AREA, key, Health.MISSING, f"{found[0]}: {error.what}", error.hint or "")


def _files(configuration: Configuration) -> Iterator[tuple[str, str]]:
    for name, party in configuration.pacticipants.items():
        if party.openapi and name not in configuration.services:
            yield f"pacticipants.{name}.openapi", party.openapi
    for name, service in configuration.services.items():
        for key in SERVICE.keys:
            value = getattr(service, key.attribute)
            if value and (key.form is FILE or (key.form is VALUE and not REFERENCE.search(value))):
                yield f"services.{name}.{key.name}", value


def _commands(configuration: Configuration) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, service in configuration.services.items():
        yield f"services.{name}.command", service.command
        if service.migrate:
            yield f"services.{name}.migrate", service.migrate
    for record in configuration.contracts.record:
        yield ".".join(part for part in ("contracts.record", record.name) if part), record.command
    if configuration.end_to_end.command:
        yield "end-to-end.command", configuration.end_to_end.command
    if configuration.up.seed:
        yield "up.seed", configuration.up.seed


def _problem(program: str, root: Path, environ: Mapping[str, str]) -> str:
    if program == "{python}":
        return ""
    if "/" in program:
        return "" if shutil.which(root / program) else f"there is no program {program}"
    return "" if shutil.which(program, path=environ.get("PATH", "")) else f"there is no program {program} on PATH"


def _values(configuration: Configuration) -> Iterator[tuple[str, str, bool]]:
    """Return the texts that may name secrets, each with its key, and whether what they name may be empty."""
    for name, service in configuration.services.items():
        for key in SERVICE.keys:
            value = getattr(service, key.attribute)
            if key.form is VALUE:
                yield f"services.{name}.{key.name}", value, False
            elif key.form is VALUES_BY_NAME or key.form is ENVIRONMENT:
                is_variable = key.form is ENVIRONMENT
                yield from ((f"services.{name}.{key.name}.{each}", text, is_variable) for each, text in value.items())
    for each, text in configuration.end_to_end.environment.items():
        yield f"end-to-end.environment.{each}", text, True
    for each, text in configuration.up.environment.items():
        yield f"up.environment.{each}", text, True
