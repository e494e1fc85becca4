"""Formats of dates and times in a contract, judged when it is recorded: a provider cannot do anything about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servanda.errors import ContractError, RecordingError
from servanda.pact import Interaction
from servanda.pact.matching import times
from servanda.pact.rules import Rule, Rules

_DATED = frozenset({"date", "time", "timestamp"})


def require_formats(interaction: Interaction, test: str) -> None:
    """Refuse a contract with a format that no date can be read by.

    Args:
        interaction: As recorded.
        test: The test that recorded it.

    Raises:
        RecordingError: One of its formats cannot be understood.
    """
    parts = (*interaction.requests, *interaction.responses)
    for rule in _dated(rule for part in parts for rules in part.rules.values() for rule in _each(rules)):
        try:
            times.is_written(rule.match, rule.text("format") or rule.text(rule.match), "")
        except ContractError as error:
            raise RecordingError(
                f"'{interaction.description}': {error.what}",
                where=test,
                hint="write the format with the letters of Java's DateTimeFormatter, such as yyyy-MM-dd",
            ) from error


def _each(rules: Rules) -> Iterator[Rule]:
    return (rule for _, found in rules.entries for rule in found.rules)


def _dated(rules: Iterable[Rule]) -> Iterator[Rule]:
    for rule in rules:
        if rule.match in _DATED:
            yield rule
        yield from _dated(rule.rules)
        for _, variant in rule.variants:
            yield from _dated(_each(variant))
