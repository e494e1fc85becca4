"""Examples of a contract, judged when it is recorded: a provider cannot do anything about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from servanda.errors import ContractError, RecordingError
from servanda.pact import Interaction, Part, paths
from servanda.pact.matching import matchers, times
from servanda.pact.paths import Path
from servanda.pact.rules import Rule, RuleList, Rules
from servanda.transports.grpc import matching as grpc
from servanda.transports.grpc.interaction import GrpcInteraction
from servanda.transports.http import matching as http
from servanda.transports.http.interaction import HttpInteraction
from servanda.transports.kafka import matching as kafka
from servanda.transports.kafka.interaction import MessageInteraction
from servanda.verdict import Mismatch

_DATED = frozenset({"date", "time", "timestamp"})
_LIMITS = frozenset({"min", "max"})
_P = TypeVar("_P", bound=Part)


def require_examples(interaction: Interaction, test: str) -> None:
    """Refuse a contract with a format that no date can be read by, or with an example that its own rules refuse.

    Args:
        interaction: As recorded.
        test: The test that recorded it.

    Raises:
        RecordingError: No provider could ever satisfy it, or none that answers with the example.
    """
    parts = (*interaction.requests, *interaction.responses)
    for rule in _dated(rule for part in parts for rules in part.rules.values() for rule in _each(rules)):
        try:
            times.is_written(rule.match, matchers.form_of(rule), "")
        except ContractError as error:
            hint = "write the format with the letters of Java's DateTimeFormatter, such as yyyy-MM-dd"
            raise RecordingError(f"'{interaction.description}': {error.what}", where=test, hint=hint) from error
    judged = replace(
        interaction,
        requests=tuple(_without_what_varies(part) for part in interaction.requests),
        responses=tuple(_without_what_varies(part) for part in interaction.responses),
    )
    for mismatch in _contradictions(judged):
        raise RecordingError(
            f"'{interaction.description}': an example is refused by its own rule: {mismatch.message}",
            where=test,
            hint="correct the example or the rule",
        )


def _contradictions(interaction: Interaction) -> tuple[Mismatch, ...]:
    match interaction:
        case HttpInteraction():
            return http.match_examples(interaction)
        case GrpcInteraction():
            return grpc.match_examples(interaction)
        case MessageInteraction():
            return kafka.match_examples(interaction)
    return ()


def _without_what_varies(part: _P) -> _P:
    """Leave out rules for values that a generator makes, and limits of lists: their example may be one element."""
    rules = {
        category: Rules(
            tuple(
                (path, RuleList(tuple(map(_without_limits, found.rules)), found.any_of))
                for path, found in rules.entries
                if path not in _generated(part, category)
            )
        )
        for category, rules in part.rules.items()
    }
    return replace(part, rules=rules)


def _generated(part: Part, category: str) -> set[Path]:
    """Return the places of the values that generators make, as rules name them."""
    keys = part.generators.get(category, {})
    return {paths.parse(key) if key.startswith("$") else (key.lower(),) if key else paths.ROOT for key in keys}


def _without_limits(rule: Rule) -> Rule:
    values = {name: value for name, value in rule.values.items() if name not in _LIMITS}
    return replace(rule, values=values, rules=tuple(map(_without_limits, rule.rules)))


def _each(rules: Rules) -> Iterator[Rule]:
    return (rule for _, found in rules.entries for rule in found.rules)


def _dated(rules: Iterable[Rule]) -> Iterator[Rule]:
    for rule in rules:
        if rule.match in _DATED:
            yield rule
        yield from _dated(rule.rules)
        for _, variant in rule.variants:
            yield from _dated(_each(variant))
