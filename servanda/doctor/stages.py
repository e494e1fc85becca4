"""Diagnoses of the gate: what each stage would do, and why it examines nothing."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from servanda.configuration import Configuration
from servanda.errors import ServandaError
from servanda.events.corpus import is_corpus
from servanda.gate.gate import STAGES
from servanda.gate.interfaces import compared_kinds
from servanda.gate.reasons import relative_place
from servanda.report.diagnosis import Diagnosis, Health, counted
from servanda.verdict import InteractionResult
from servanda.verification import load_contracts

_AREA = "gate"


def stage_diagnoses(configuration: Configuration) -> Iterator[Diagnosis]:
    """Tell of each stage what it would examine, in their order."""
    told = {
        "interfaces": _interfaces,
        "lint": _lint,
        "migrations": _migrations,
        "consumers": _consumers,
        "providers": _providers,
        "end-to-end": _end_to_end,
        "events": _events,
        "versions": _versions,
    }
    for name in STAGES:
        yield told[name](configuration)


def _skipped(stage: str, why: str, hint: str = "") -> Diagnosis:
    return Diagnosis(_AREA, stage, Health.UNNEEDED, f"skipped: {why}", hint)


def _runs(stage: str, what: str) -> Diagnosis:
    return Diagnosis(_AREA, stage, Health.FINE, what)


def _interfaces(configuration: Configuration) -> Diagnosis:
    found = [path for kind in compared_kinds() for path in kind.configured(configuration)]
    if not found:
        return _skipped("interfaces", "there is no proto folder, and no party has an OpenAPI document")
    root = configuration.root
    names = [str(path.relative_to(root)) if path.is_relative_to(root) else str(path) for path in found]
    return _runs("interfaces", f"compares {', '.join(names)}")


def _lint(configuration: Configuration) -> Diagnosis:
    if not configuration.interfaces.lint:
        return _skipped("lint", "[interfaces] has no lint = true")
    return _runs("lint", "runs buf lint")


def _migrations(configuration: Configuration) -> Diagnosis:
    services = [each.name for each in configuration.services.values() if each.migrations is not None]
    if not services:
        return _skipped("migrations", "no service has migrations configured")
    return _runs("migrations", f"compares the migrations of {', '.join(services)} with what live versions run")


def _events(configuration: Configuration) -> Diagnosis:
    settings = configuration.events
    if not settings.gate:
        return _skipped("events", "[events] has gate = false")
    if not settings.consumers:
        return _skipped("events", "[events] has no consumers configured")
    if not is_corpus(settings.corpus):
        return _skipped("events", "no event is recorded", "record some: servanda events record")
    return _runs("events", f"replays the recorded events to {', '.join(settings.consumers)}")


def _consumers(configuration: Configuration) -> Diagnosis:
    record = configuration.contracts.record
    if not record:
        return _skipped("consumers", "[contracts] has no record command")
    return _runs("consumers", f"runs {' and '.join(shlex.join(each.command) for each in record)}")


def _providers(configuration: Configuration) -> Diagnosis:
    try:
        found = load_contracts(configuration)
    except ServandaError as error:
        return Diagnosis(_AREA, "providers", Health.UNNEEDED, f"ends with no verdict: {error.what}", error.hint or "")
    if found.unreadable:
        return _unreadable(found.unreadable, configuration)
    interactions = [each for file in found.files for each in file.interactions]
    return _runs("providers", f"verifies {', '.join(found.providers)} against {counted(interactions, 'interaction')}")


def _unreadable(results: Sequence[InteractionResult], configuration: Configuration) -> Diagnosis:
    # A consumer's repository holds contracts with providers of other repositories; that is no mistake in it.
    own = [each for each in results if each.provider in configuration.services]
    first = (own or results)[0]
    why = first.reasons[0].message.partition("\n")[0] if first.reasons else "it cannot be read"
    health = Health.MISSING if own else Health.UNNEEDED
    return Diagnosis(
        _AREA, "providers", health, f"ends with no verdict: {relative_place(first.evidence, configuration.root)}: {why}"
    )


def _end_to_end(configuration: Configuration) -> Diagnosis:
    if not configuration.end_to_end.command:
        return _skipped("end-to-end", "[end-to-end] has no command")
    return _runs("end-to-end", f"runs {shlex.join(configuration.end_to_end.command)}")


def _versions(configuration: Configuration) -> Diagnosis:
    if not configuration.versions.gate:
        return _skipped("versions", "[versions] has no gate = true")
    return _runs("versions", "runs the live versions beside the working tree")
