"""Comparing headers and metadata: names with text values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from servanda.pact import media
from servanda.pact.matching import matchers
from servanda.pact.rules import Rules
from servanda.verdict import Mismatch

Fields = Mapping[str, Sequence[str]]
"""Values by name."""


def match_fields(kind: str, expected: Fields, actual: Fields, rules: Rules) -> Iterator[Mismatch]:
    """Yield what headers or metadata have otherwise than the examples and their rules say; further names are no matter.

    Args:
        kind: ``header`` or ``metadata``; the paths of the mismatches begin with it.
        expected: The examples.
        actual: What was there; names count without their case.
        rules: Rules by name.
    """
    found = {name.lower(): values for name, values in actual.items()}
    for name, examples in sorted(expected.items()):
        yield from _match_field(f"{kind}.{name.lower()}", examples, found.get(name.lower()), rules)


def _match_field(path: str, examples: Sequence[str], found: Sequence[str] | None, rules: Rules) -> Iterator[Mismatch]:
    name = path.partition(".")[2]
    rule = rules.at((name,))
    wanted = matchers.describe(rule, ", ".join(examples))
    if found is None:
        yield Mismatch(path, wanted, None, f"{path} is missing, expected {wanted}")
        return
    if rule is not None:
        held = bool(found) and all(matchers.accepts_text(rule, next(iter(examples), ""), value) for value in found)
    elif name in ("content-type", "contenttype"):
        held = _same_media_type(", ".join(examples), ", ".join(found))
    else:
        held = _elements(examples) == _elements(found)
    if not held:
        shown = matchers.render(", ".join(found))
        yield Mismatch(path, wanted, shown, f"{path} is {shown}, expected {wanted}")


def _elements(values: Sequence[str]) -> list[str]:
    """Join the lines of a header: several lines and one with commas mean the same (RFC 9110, section 5.3)."""
    return [element.strip() for value in values for element in value.split(",")]


def _same_media_type(expected: str, actual: str) -> bool:
    """Compare a parameter where both name it: few servers agree on whether to name a charset."""
    if media.bare(expected) != media.bare(actual):
        return False
    wanted, found = _parameters(expected), _parameters(actual)
    return all(wanted[name] == found[name] for name in wanted.keys() & found.keys())


def _parameters(content_type: str) -> dict[str, str]:
    parameters = (part.partition("=") for part in content_type.split(";")[1:])
    return {
        name.strip().lower(): value.strip().strip('"').lower().lstrip(".") for name, _, value in parameters if value
    }
