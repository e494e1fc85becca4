"""Texts that try to control what shows them, in every field of checks and verdicts; and how readers take them back."""

from __future__ import annotations

import dataclasses
import enum
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar, cast

from hypothesis import strategies as st

from servanda.verdict import (
    Bump,
    Consumer,
    ConsumerImpact,
    DeployOrder,
    ElementUse,
    Evidence,
    Finding,
    Impact,
    InstanceFact,
    InteractionResult,
    InterfaceComparison,
    InterfaceUse,
    Location,
    Mismatch,
    Outcome,
    Reason,
    ReasonKind,
    Severity,
    Span,
    StageResult,
    Steps,
    StoreFact,
    Transition,
    Transport,
    Verdict,
    decide,
    outcome_of,
)

PIECES = (
    *(
        "::error::forged",
        "\n::stop-commands::t",
        " ::warning file=a::b",
        "##[error]x",
        "a ##vso[task.x]y",
        "[[ATTACHMENT|/e]]",
    ),
    *("\n", "\r", "\r\n", "\t", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x1c", "\0", "\x7f", "\x9b31m", "\x1b[2J"),
    *("\x1b]8;;file:///\x07", "\u202e", "\u2066", "\u200e", "\u061c", "\u200b", "\ufeff", "\u2060", "\xad"),
    *("\U000e0041", "\udc80", "\udfff", "\ufffe", "\uffff", "\ufe0f", "\\", "\\n", "\\x1b", "\\|", "\\u202e"),
    *("`", "``", "```", "~~~", "|", "*a*", "_b_", "# h", "1. ", "- ", "> q", "---", "![i](a.png)", "[l](b)", "[l]: c"),
    *(
        "@team/x",
        "#123",
        "GH-1",
        "deadbeef",
        "www.example.org",
        "a@b.example",
        ":+1:",
        "$x$",
        "&amp;",
        "&#64;",
        "<img src=x>",
    ),
    *(
        "</code><script>",
        "<!--",
        "-->",
        "]]>",
        "' onclick=x '",
        '"',
        "%0A",
        "%25",
        ",title=x",
        ":",
        "{0}",
        "[red]",
        "[/]",
    ),
    *("[link=x]y[/link]", "é", "日本語", "🎉", "❤️", "עברית", " ", "  ", "    ", "word", "12", "x=1; rm -rf ~"),
)
# A text is one choice for hypothesis and a list of pieces a dozen, which took most of the time of each test. It draws
# four fifths of all characters from the first 256: one half of these stands for pieces, the other for ASCII.
_SLOTS = 128


def _spelled(drawn: str) -> str:
    """Put pieces in place of the first characters, and every other character in place of the one that many further."""
    return "".join(PIECES[code % len(PIECES)] if (code := ord(each)) < _SLOTS else chr(code - _SLOTS) for each in drawn)


# Without the surrogates, and without what would stand for one.
TEXTS = st.text(st.characters(max_codepoint=0xD7FF) | st.characters(min_codepoint=0xE000 + _SLOTS), max_size=5).map(
    _spelled
)

_ESCAPE = re.compile(r"\\(?:([\\nrt])|x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")
_NAMES = {"\\": "\\", "n": "\n", "r": "\r", "t": "\t"}


def original(shown: str) -> str:
    """Read the escapes of a text that was made visible."""

    def value(match: re.Match[str]) -> str:
        name, *codes = match.groups()
        return _NAMES[name] if name else chr(int(next(code for code in codes if code), 16))

    return _ESCAPE.sub(value, shown)


CONTROL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff\ud800-\udfff]"
    "|[\U000e0000-\U000e007f]"
)
_COMMANDS = {"error", "warning", "notice", "debug", "group", "endgroup", "stop-commands", "add-mask", "set-output"}


def workflow_commands(output: str) -> list[tuple[str, dict[str, str], str]]:
    """Find the commands in a log as the runner of GitHub does: name, properties and message."""
    return [found for line in re.split("\r\n|\r|\n", output) if (found := _command(line)) is not None]


def _command(line: str) -> tuple[str, dict[str, str], str] | None:
    told = line.lstrip()
    if told.startswith("::") and (end := told.find("::", 2)) >= 0:
        name, _, given = told[2:end].partition(" ")
        properties = dict(each.split("=", 1) for each in given.split(",") if "=" in each)
        return name, {key: _unescaped(value) for key, value in properties.items()}, _unescaped(told[end + 2 :])
    old = re.search(r"##(?:vso)?\[([^\]]*)\]", line)
    return (old[1], {}, "") if old else None


def _unescaped(value: str) -> str:
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        value = value.replace(code, character)
    return value


_NUMBERS = st.integers(0, 300)
EVIDENCE = st.builds(Evidence, *[TEXTS] * 8)
IMPACTS = st.builds(
    ConsumerImpact,
    st.builds(Consumer, TEXTS, TEXTS),
    st.sampled_from(Impact),
    st.lists(EVIDENCE, max_size=2).map(tuple),
)
STEPS = st.builds(Steps, *[TEXTS] * 6)
TRANSITIONS = st.builds(Transition, st.booleans(), st.booleans(), st.sampled_from(DeployOrder))
FINDINGS = st.builds(
    Finding,
    rule=TEXTS,
    category=st.sampled_from(["FILE", "POLICY", "OPENAPI"]),
    severity=st.sampled_from(Severity),
    span=st.builds(Span, TEXTS, _NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS),
    element=TEXTS,
    message=TEXTS,
    fingerprint=TEXTS,
    consumers=st.lists(IMPACTS, max_size=2).map(tuple),
    why=TEXTS,
    steps=STEPS,
    unstable=st.booleans(),
    transition=st.none() | TRANSITIONS,
)
COMPARISONS = st.builds(InterfaceComparison, TEXTS, TEXTS, st.sampled_from(Bump), st.sampled_from(DeployOrder))


def _checked(findings: list[Finding], comparison: InterfaceComparison) -> Verdict:
    """Make the verdict of a check."""
    found = tuple(findings)
    return decide([StageResult("interfaces", outcome_of(found), findings=found, comparison=comparison)])


CHECKS = st.builds(_checked, st.lists(FINDINGS, max_size=2), COMPARISONS)
LOCATIONS = st.builds(Location, TEXTS, _NUMBERS, _NUMBERS)
REASONS = st.builds(
    Reason,
    st.sampled_from(ReasonKind),
    message=TEXTS,
    path=TEXTS,
    expected=st.none() | TEXTS,
    actual=st.none() | TEXTS,
    evidence=st.none() | LOCATIONS,
)
_SECONDS = st.integers(0, 10_000).map(lambda milliseconds: milliseconds / 1000)
RESULTS = st.builds(
    InteractionResult,
    TEXTS,
    TEXTS,
    st.sampled_from([Transport.HTTP, Transport.GRPC, Transport.KAFKA]),
    TEXTS,
    st.sampled_from([Outcome.HELD, Outcome.BROKEN, Outcome.UNKNOWN]),
    LOCATIONS,
    st.lists(REASONS, max_size=2).map(tuple),
    _SECONDS,
    TEXTS,
)
STAGES = st.builds(
    StageResult,
    TEXTS,
    st.sampled_from(Outcome),
    _SECONDS,
    reasons=st.lists(REASONS, max_size=1).map(tuple),
    findings=st.lists(FINDINGS, max_size=1).map(tuple),
    results=st.lists(RESULTS, max_size=2).map(tuple),
    comparison=st.none() | COMPARISONS,
)
INSTANCES = st.builds(InstanceFact, TEXTS, TEXTS, TEXTS)
STORES = st.builds(StoreFact, TEXTS, TEXTS, TEXTS)
MISMATCHES = st.builds(Mismatch, TEXTS, st.none() | TEXTS, st.none() | TEXTS, TEXTS)
ELEMENT_USES = st.builds(
    ElementUse,
    TEXTS,
    st.dictionaries(TEXTS, st.lists(TEXTS, max_size=2).map(tuple), max_size=1),
    st.lists(TEXTS, max_size=1).map(tuple),
    st.booleans(),
)
INTERFACE_USES = st.builds(
    InterfaceUse, TEXTS, st.lists(TEXTS, max_size=2).map(tuple), st.lists(ELEMENT_USES, max_size=2).map(tuple)
)
VERDICTS: st.SearchStrategy[Verdict] = st.builds(
    decide,
    st.lists(STAGES, max_size=2),
    st.lists(STORES, max_size=2, unique_by=lambda fact: fact.store),
    st.dictionaries(TEXTS, TEXTS, max_size=2),
    st.lists(INSTANCES, max_size=2),
    st.integers(0, 2**42),
    st.lists(INTERFACE_USES, max_size=1),
)

_Fact = TypeVar("_Fact")


def harmless(fact: _Fact) -> _Fact:
    """Make the same fact with every text replaced by a letter."""
    return cast("_Fact", _harmless(fact))


def _harmless(value: object) -> object:
    if isinstance(value, enum.Enum) or value in ("FILE", "POLICY", "OPENAPI"):
        return value
    if isinstance(value, str):
        return "x" if value else ""
    if isinstance(value, tuple):
        return tuple(_harmless(each) for each in value)
    if isinstance(value, Mapping):
        return MappingProxyType({str(number): "x" for number, _ in enumerate(value)})
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = (field.name for field in dataclasses.fields(value))
        return dataclasses.replace(value, **{name: _harmless(getattr(value, name)) for name in names})
    return value
