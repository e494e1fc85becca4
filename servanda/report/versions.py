"""Plan and progress of a mixed-version run."""

from __future__ import annotations

from typing import Final

from rich.console import Console

from servanda.report.console import put
from servanda.report.line import Line
from servanda.report.text import OUTCOME_STYLES
from servanda.verdict import Outcome
from servanda.versions.oracle import Break
from servanda.versions.phases import StepFinished, StepStarted
from servanda.versions.plan import Phase, Plan, Run, Step, Version
from servanda.versions.shrink import exchanged

_MOST_SHOWN: Final = 3


def plan_lines(plan: Plan) -> tuple[Line, ...]:
    """Return a plan as lines: the versions, and what lives in each step."""
    order = {"any": "any order is claimed to be safe", "none": "no order is claimed to be safe"}
    head = f"order of the rollout: {', '.join(plan.services)} ({order.get(plan.order, f'{plan.order} is claimed')})"
    lines: list[Line] = [(f"seed {plan.seed}",), (head,)]
    for run in plan.runs:
        lines.append((_title(plan, run),))
        lines += [(f"{step.number:>4}  {step.title:<24} {_live(plan, run.old, step)}",) for step in run.steps]
    return tuple(lines)


def _title(plan: Plan, run: Run) -> str:
    if any(step.phase is Phase.MIXED for step in run.steps):
        return f"{run.old} and {plan.candidate.name} mixed"
    return f"from {run.old} to {plan.candidate.name}"


def _live(plan: Plan, old: str, step: Step) -> str:
    new = plan.candidate.name
    shown: dict[tuple[str, ...], str] = {(old,): "old", (new,): "new"}
    named = [f"{service} {shown.get(names) or _both(names, old)}" for service, names in step.live.items()]
    states = {shown.get(names, "") for names in step.live.values()}
    return f"every service {states.pop()}" if len(states) == 1 and states != {""} else ", ".join(named)


def _both(names: tuple[str, ...], old: str) -> str:
    count = names.count(old)
    return "old and new" if len(names) == 2 else f"{count} old and {len(names) - count} new"


def building(version: Version, console: Console) -> None:
    """Say that a version is made ready."""
    what = f" ({version.commit[:12]})" if version.commit and version.commit[:12] != version.name else ""
    put(console, f"making {version.name}{what} ready ...")


def borrowing(version: Version, console: Console) -> None:
    """Say that a version has no configuration of its own, and what is therefore not examined."""
    what = "has no configuration, so that of the working tree is used; its contracts and formats are not known"
    put(console, f"note: {version.name} {what}")


def trying(run: Run, console: Console) -> None:
    """Say that a smaller run is tried."""
    put(console, f"trying {run_in_words(run)} ...")


def run_in_words(run: Run) -> str:
    """Return the steps of a run, and which services are exchanged in it."""
    steps = ", ".join(f"{step.number} ({step.title})" for step in run.steps)
    services = ", ".join(exchanged(run)) or "nothing"
    return f"steps {steps} with {services} exchanged"


def step_happened(event: StepStarted | StepFinished, console: Console) -> None:
    """Say that a step began, or what it showed."""
    match event:
        case StepStarted(step):
            put(console, f"step {step.number} {step.title} ...")
        case StepFinished(step, breaks):
            outcome = Outcome.BROKEN if breaks else Outcome.HELD
            verified = f"{len(event.results)} interactions verified, {event.questions} answers compared"
            verified += f" ({event.left_out} left out so far)" if event.left_out else ""
            verified += f", {event.calls} drawn calls" if event.calls else ""
            after = f" after {event.seconds:.1f} s: {verified}"
            put(console, f"step {step.number} ", (str(outcome), OUTCOME_STYLES[outcome]), after)
            for each in breaks[:_MOST_SHOWN]:
                put(console, f"  {each.call}: {' '.join(each.what.split())}{_values(each)}")
            for note in event.notes:
                put(console, f"  note: {' '.join(note.split())}")


def _values(broken: Break) -> str:
    if broken.expected is None and broken.actual is None:
        return ""
    return f" (expected {broken.expected or 'nothing'}, found {broken.actual or 'nothing'})"
