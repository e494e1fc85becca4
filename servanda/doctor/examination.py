"""The whole examination, in the order in which it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from servanda.configuration import Configuration, load, mistakes, search
from servanda.doctor.cache import cache_diagnosis
from servanda.doctor.installation import extra_diagnoses, suite_diagnosis, tool_diagnoses
from servanda.doctor.places import place_diagnoses
from servanda.doctor.refusals import refusal_diagnoses
from servanda.doctor.stages import stage_diagnoses
from servanda.doctor.stores import store_diagnoses
from servanda.errors import ServandaError
from servanda.infra import Listener
from servanda.report.diagnosis import Diagnosis, Health, counted

_AREA = "configuration"


def examined(
    folder: Path,
    chosen: Path | None,
    environ: Mapping[str, str],
    mode: str | None = None,
    listener: Listener | None = None,
) -> Iterator[Diagnosis]:
    """Look at everything.

    Args:
        folder: The working directory.
        chosen: The configuration file, if somebody names one.
        environ: The environment.
        mode: How stores are provided, see :func:`servanda.infra.choose`.
        listener: Hears of stores that are started to see whether they do; ``None`` if none is to be started.
    """
    told, configuration = _configuration(folder, chosen)
    yield suite_diagnosis()
    yield from extra_diagnoses(configuration)
    yield from tool_diagnoses(environ)
    yield from store_diagnoses(configuration, environ, mode, listener)
    yield cache_diagnosis(environ)
    yield from told
    if configuration is not None:
        yield from place_diagnoses(configuration, environ)
        yield from refusal_diagnoses(configuration, environ)
        yield from stage_diagnoses(configuration)


def _configuration(folder: Path, chosen: Path | None) -> tuple[list[Diagnosis], Configuration | None]:
    try:
        path = chosen or search(folder)
    except ServandaError as error:
        return [_mistake(error)], None
    if path is None:
        what = "there is no servanda.toml in this folder or its parents"
        return [Diagnosis(_AREA, "servanda.toml", Health.UNNEEDED, what, "servanda init writes one")], None
    found = mistakes(path)
    if found:
        return [_mistake(error) for error in sorted(found, key=_line)], None
    configuration = load(path)
    parts = f"{counted(configuration.services, 'service')}, {counted(configuration.pacticipants, 'party', 'parties')}"
    return [Diagnosis(_AREA, path.name, Health.FINE, f"{path}: {parts}")], configuration


def _line(error: ServandaError) -> int:
    parts = (error.where or "").rsplit(":", 2)
    return int(parts[1]) if len(parts) == 3 and parts[1].isdecimal() else 0


def _mistake(error: ServandaError) -> Diagnosis:
    return Diagnosis(_AREA, "mistake", Health.MISSING, f"{error.where}: {error.what}", (error.hint or "").strip())
