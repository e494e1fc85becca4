"""The reference of matchers: what each writes into a contract, and what is accepted in its place, tried out."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pact
from pact import match

from codegen.product import Product
from servanda.pact import Body
from servanda.pact.matching.bodies import match_body
from servanda.pact.rules import Rules, parse
from servanda.verdict import Mismatch

_HEAD = """# Matchers
<!-- Written by 'python -m codegen': each matcher is recorded, and the values beside it are compared with it. -->
An example value in a test matches only itself. A matcher of `pact.match` stands for all values of its kind:
`from pact import match`. It holds in bodies, headers, queries, keys and metadata, and in fields of messages of
gRPC and Kafka. [What is matched](matching.md) has the details.

| matcher | rule in the contract | accepts | refuses |
|---|---|---|---|
"""
_ALIASES = """
## Other names
| name | the same as |
|---|---|
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """A matcher as a test writes it, and values that are tried in its place."""

    call: str
    matcher: object
    tried: tuple[object, ...]


SAMPLES = (
    Sample("match.int(3)", match.int(3), (7, -1, 3.5, "3", None)),
    Sample("match.float(9.5)", match.float(9.5), (10.25, "9.5", None)),
    Sample("match.number(9.5)", match.number(9.5), (10, 10.25, "9.5", None)),
    Sample('match.str("Emma")', match.str("Emma"), ("Ada", "", 3, None)),
    Sample("match.bool(True)", match.bool(True), (False, "true", 1)),
    Sample("match.none()", match.none(), (None, "", 0)),
    Sample('match.regex("EUR", regex="[A-Z]{3}")', match.regex("EUR", regex="[A-Z]{3}"), ("USD", "EURO", "eur", 3)),
    Sample('match.includes("ok")', match.includes("ok"), ("ok", "all ok", "no")),
    Sample(
        'match.uuid("5d2f4a0e-6c3b-4f0e-9a51-3b8f6a1c2d4e")',
        match.uuid("5d2f4a0e-6c3b-4f0e-9a51-3b8f6a1c2d4e"),
        ("00000000-0000-4000-8000-000000000000", "5d2f4a0e"),
    ),
    Sample(
        'match.date("2026-11-29", "%Y-%m-%d")',
        match.date("2026-11-29", "%Y-%m-%d"),
        ("2024-02-29", "2023-02-29", "29.11."),
    ),
    Sample('match.time("10:00", "%H:%M")', match.time("10:00", "%H:%M"), ("23:59", "24:01", "10:00:00")),
    Sample(
        'match.datetime("2026-11-29T10:00:00", "%Y-%m-%dT%H:%M:%S")',
        match.datetime("2026-11-29T10:00:00", "%Y-%m-%dT%H:%M:%S"),
        ("2024-02-29T23:59:59", "2026-11-29"),
    ),
    Sample('match.type({"id": 1})', match.type({"id": 1}), ({"id": 2}, {"id": 2, "more": 1}, {"id": "2"}, {})),
    Sample("match.each_like(1, min=1)", match.each_like(1, min=1), ([2, 3], [], ["2"])),
    Sample(
        'match.each_key_matches({"de": 1}, rules=match.regex("de", regex="[a-z]{2}"))',
        match.each_key_matches({"de": 1}, rules=match.regex("de", regex="[a-z]{2}")),
        ({"en": 1}, {"eng": 1}),
    ),
    Sample(
        'match.each_value_matches({"de": 1}, rules=match.int(1))',
        match.each_value_matches({"de": 1}, rules=match.int(1)),
        ({"en": 2, "fr": 3}, {"en": "2"}),
    ),
    Sample(
        'match.array_containing([match.int(1), match.str("a")])',
        match.array_containing([match.int(1), match.str("a")]),  # type: ignore[arg-type]
        ([9, "b", True], ["b"]),
    ),
)
"""Every matcher that is no other name of one here."""


def products() -> Iterator[Product]:
    """Return the page."""
    rows = "".join(_row(sample, rules) for sample, rules in zip(SAMPLES, _recorded(), strict=True))
    names = "".join(f"| `match.{name}` | `match.{of}` |\n" for name, of in aliases().items())
    yield Product("docs/reference/matchers.md", f"{_HEAD}{rows}{_ALIASES}{names}".encode())


def aliases() -> Mapping[str, str]:
    """Return the matchers that are another one under another name."""
    found = {}
    for name in sorted(match.__all__):
        alias = re.search(r"Alias for \[`match\.(\w+)`\]", getattr(match, name).__doc__ or "")
        if alias:
            found[name] = alias[1]
    return found


def _recorded() -> Iterator[Mapping[str, object]]:
    """Record each matcher as the whole of a body, and yield the rules that are in the contract."""
    recorded = pact.Pact("consumer", "provider").with_specification("V4")
    for number, sample in enumerate(SAMPLES):
        begun = recorded.upon_receiving(f"{number:03}").with_request("GET", "/").will_respond_with(200)
        begun.with_body({"value": sample.matcher}, "application/json")
    with tempfile.TemporaryDirectory() as folder:
        recorded.write_file(folder)
        (file,) = Path(folder).iterdir()
        interactions = json.loads(file.read_text(encoding="utf-8"))["interactions"]
    for each in sorted(interactions, key=lambda each: str(each["description"])):
        yield each["response"]


def _row(sample: Sample, response: Mapping[str, object]) -> str:
    whole = response["body"]
    rules = response["matchingRules"]
    assert isinstance(whole, Mapping)  # noqa: S101 - the form of a contract, for the types
    assert isinstance(rules, Mapping)  # noqa: S101
    body = Body(json.dumps(whole["content"]).encode(), "application/json")
    parsed = parse(rules["body"], named=False)
    judged = [(value, not list(_differences(body, value, parsed))) for value in sample.tried]
    accepted, refused = ([value for value, held in judged if held is wanted] for wanted in (True, False))
    told = ", ".join(
        _code(json.dumps(each)) for path, found in rules["body"].items() for each in found["matchers"] if path
    )
    return f"| {_code(sample.call)} | {told} | {_values(accepted)} | {_values(refused)} |\n"


def _differences(body: Body, value: object, rules: Rules) -> Iterator[Mismatch]:
    actual = json.dumps({"value": value}).encode()
    return match_body(body, actual, rules, content_type=body.content_type)


def _values(values: list[object]) -> str:
    return ", ".join(_code(json.dumps(value)) for value in values)


def _code(text: str) -> str:
    return f"`{text.replace('|', chr(92) + '|')}`"
