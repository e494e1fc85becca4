"""A plan as JSON, and back."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import Any, Final

import msgspec

from servanda.errors import ConfigurationError
from servanda.versions.plan.step import Plan, Run, Step, most_at_once

FORMAT: Final = "servanda-versions-plan"
_VERSION: Final = 1
# Who knows only the first one would take a wheel for the working tree.
_OF_ARTIFACTS: Final = 2
# Who does not know this one would start one instance of each version.
_OF_SEVERAL: Final = 3
_KNOWN: Final = (_VERSION, _OF_ARTIFACTS, _OF_SEVERAL)


def written(plan: Plan) -> str:
    """Return a plan as JSON, the same text for the same plan."""
    version = _OF_ARTIFACTS if any(each.is_artifact for each in plan.versions) else _VERSION
    version = _OF_SEVERAL if any(most_at_once(run) > 1 for run in plan.runs) else version
    document = {"format": FORMAT, "version": version, **msgspec.to_builtins(plan, enc_hook=_plain)}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def read_plan(text: str | bytes, where: str) -> Plan:
    """Read a plan that :func:`written` gave.

    Args:
        text: The document.
        where: Its file, for errors.

    Raises:
        ConfigurationError: It is no such document, or one of another version.
    """
    hint = "make one: servanda versions --dry-run --save FILE"
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"is no JSON: {error}", where=where, hint=hint) from None
    if not isinstance(document, dict) or document.pop("format", None) != FORMAT:
        raise ConfigurationError(f"is no plan: 'format' is not '{FORMAT}'", where=where, hint=hint)
    if (version := document.pop("version", None)) not in _KNOWN:
        what = f"is a plan of version {version!r}, expected one of {', '.join(map(str, _KNOWN))}"
        raise ConfigurationError(what, where=where, hint=hint)
    try:
        plan = msgspec.convert(document, Plan)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"is no plan: {error}", where=where, hint=hint) from None
    _require_consistent(plan, where, hint)
    runs = tuple(Run(run.old, tuple(_frozen(step) for step in run.steps)) for run in plan.runs)
    return Plan(plan.candidate, plan.live, plan.services, plan.order, plan.seed, runs, plan.base)


def _frozen(step: Step) -> Step:
    return Step(step.number, step.phase, MappingProxyType(dict(step.live)), step.service)


def _require_consistent(plan: Plan, where: str, hint: str) -> None:
    names = {version.name for version in plan.versions}
    numbers = [step.number for step in plan]
    for run in plan.runs:
        if run.old not in {version.name for version in plan.live}:
            raise ConfigurationError(
                f"a run is from '{run.old}', which the plan does not call live", where=where, hint=hint
            )
        if not run.steps:
            raise ConfigurationError(f"the run from '{run.old}' has no steps", where=where, hint=hint)
    for step in plan:
        unknown = {name for live in step.live.values() for name in live} - names
        if unknown or not all(step.live.values()):
            what = (
                f"step {step.number} has a version that the plan does not know: {', '.join(sorted(unknown)) or 'none'}"
            )
            raise ConfigurationError(what, where=where, hint=hint)
        if set(step.live) != set(plan.services):
            raise ConfigurationError(f"step {step.number} does not name every service", where=where, hint=hint)
    if len(set(numbers)) != len(numbers) or not numbers:
        raise ConfigurationError("has no steps, or two of the same number", where=where, hint=hint)


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, MappingProxyType) else str(value)
