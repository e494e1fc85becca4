"""The sentences about stages and interactions that all formats share."""

from __future__ import annotations

from collections.abc import Iterator

from servanda.escaping.shell import shell_line
from servanda.report.grouping import by_element
from servanda.verdict import Answer, InteractionResult, Outcome, Reason, Severity, StoreFact, Verdict


def answer(verdict: Verdict) -> str:
    """Tell the answer in one line, with what it rests on."""
    if verdict.answer is Answer.YES:
        return f"yes: {_proven(verdict)}"
    stage = next((s for s in verdict.stages if s.outcome in (Outcome.BROKEN, Outcome.UNKNOWN)), None)
    errors = [element for element in by_element(verdict.findings) if element.severity is Severity.ERROR]
    broken = [result for result in verdict.results if result.outcome is Outcome.BROKEN]
    unknown = [result for result in verdict.results if result.outcome is Outcome.UNKNOWN]
    counts = [
        _count(len(errors), "interface element") + " with errors" if errors else "",
        _count(len(broken), "broken interaction"),
        _count(len(unknown), "unknown interaction"),
    ]
    because = ", ".join(count for count in counts if count)
    place = f"stage '{stage.name}'" if stage else ""
    if not because:
        because = f"{place} {'failed' if verdict.answer is Answer.NO else 'could not tell'}".strip()
    elif place and len(verdict.stages) > 1:
        because = f"{because} in {place}" if _single_stage(verdict) else f"{because}, first in {place}"
    return f"{verdict.answer}: {because or 'nothing was examined'}"


def compares_only(verdict: Verdict) -> bool:
    """Tell whether a verdict is that of a check: nothing but comparisons of interfaces."""
    return bool(verdict.stages) and all(stage.comparison is not None for stage in verdict.stages)


def _single_stage(verdict: Verdict) -> bool:
    return sum(stage.outcome in (Outcome.BROKEN, Outcome.UNKNOWN) for stage in verdict.stages) == 1


def _proven(verdict: Verdict) -> str:
    held = ", ".join(stage.name for stage in verdict.stages if stage.outcome is Outcome.HELD)
    interactions = _count(len(verdict.results), "interaction")
    waiting = sum(result.outcome is Outcome.PENDING for result in verdict.results)
    counted = f"{interactions}, {waiting} of them pending" if waiting else interactions
    return f"{held} held ({counted})" if interactions else f"{held} held"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}" if number else ""


def store(fact: StoreFact) -> str:
    """Name a store with its version and how it was provided."""
    return f"{fact.kind} {fact.version}"


def heading(result: InteractionResult) -> str:
    """Name an interaction with its parties."""
    return f"{result.consumer} -> {result.instance} ({result.transport}): {result.interaction}"


def repeated(result: InteractionResult) -> str:
    """Return the command that verifies one interaction again; empty where there is none, as for a whole file."""
    if not result.evidence.line:
        return ""
    selected = ["--consumer", result.consumer, "--interaction", result.interaction, *result.options]
    return shell_line(["servanda", "verify", result.provider, *selected])


def comments(result: InteractionResult) -> Iterator[str]:
    """Tell what the consumer says about an interaction, line by line."""
    return (line for comment in result.comments for line in comment.split("\n"))


def lines(reason: Reason) -> Iterator[str]:
    """Tell what a reason says, line by line; only what it knows.

    Each line of the message after the first is marked by a bar, so that none passes for another line of the reason.
    """
    first, *rest = reason.message.split("\n")
    yield first
    yield from (f"| {line}" for line in rest)
    if reason.path:
        yield f"  path:     {reason.path}"
    if reason.expected is not None or reason.actual is not None:
        yield f"  expected: {'nothing' if reason.expected is None else reason.expected}"
        yield f"  actual:   {'nothing' if reason.actual is None else reason.actual}"
    if reason.evidence is not None:
        yield f"  see:      {reason.evidence}"
