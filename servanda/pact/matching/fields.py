"""Comparing headers and metadata: names with text values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from servanda.documents import parse_payload
from servanda.pact import media
from servanda.pact.matching import matchers
from servanda.pact.rules import RuleList, Rules
from servanda.verdict import Mismatch

Fields = Mapping[str, Sequence[str]]
"""Values by name."""

_OF_MEDIA_TYPES: Final = frozenset({"accept", "content-type", "contenttype"})


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
    if not _holds(name, rule, examples, found):
        shown = matchers.render(", ".join(found))
        yield Mismatch(path, wanted, shown, f"{path} is {shown}, expected {wanted}")


def _holds(name: str, rule: RuleList | None, examples: Sequence[str], found: Sequence[str]) -> bool:
    if rule is not None:
        # A line may hold commas, such as those of a date; several examples may stand in one line.
        is_by_line = len(examples) < 2 or len(examples) == len(found)
        return matchers.accepts_each(rule, examples, found if is_by_line else _elements(found))
    if name in _OF_MEDIA_TYPES:
        wanted, there = _elements(examples), _elements(found)
        return len(wanted) == len(there) and all(map(same_media_type, wanted, there))
    return _elements(examples) == _elements(found) or _same_json(examples, found)


def _elements(values: Sequence[str]) -> list[str]:
    """Join the lines of a header: several lines and one with commas mean the same (RFC 9110, section 5.3)."""
    return [element.strip() for value in values for element in value.split(",")]


def _same_json(examples: Sequence[str], found: Sequence[str]) -> bool:
    """Compare metadata that are objects or lists: the order of their members is no matter."""
    if len(examples) != 1 or len(found) != 1 or not examples[0].lstrip().startswith(("{", "[")):
        return False
    try:
        wanted, there = parse_payload(examples[0]), parse_payload(found[0])
    except ValueError:
        return False
    return bool(wanted == there)


def same_media_type(expected: str, actual: str) -> bool:
    """Tell whether a media type has the parameters that are expected, if any are; it may have more of them."""
    kinds = [each.partition(";")[0].strip() for each in (expected, actual)]
    if "/" in kinds[0]:  # what is no media type counts as it is written
        kinds = [media.bare(each) for each in kinds]
    if kinds[0] != kinds[1]:
        return False
    found = media.parameters(actual)
    return all(_same_parameter(name, value, found) for name, value in media.parameters(expected).items())


def _same_parameter(name: str, value: str, found: Mapping[str, str]) -> bool:
    if name == "boundary":
        return True  # it is another one each time
    if name == "message":  # the protobuf plugin's own note, with a dot before the name or not
        return found.get(name, value).lstrip(".") == value.lstrip(".")
    return name in found and found[name].lower() == value.lower()
