"""Reports of anything that a provider may answer."""

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from servanda.report import junit, markdown, text
from servanda.verdict import (
    InteractionResult,
    Location,
    Outcome,
    Reason,
    ReasonKind,
    StageResult,
    Transport,
    Verdict,
    decide,
)

ANYTHING = st.text(st.characters(exclude_categories=["Cs"]))


def verdict_with(message: str, actual: str) -> Verdict:
    reason = Reason(ReasonKind.MISMATCH, message, "$.x", None, actual)
    result = InteractionResult(
        message, "gateway", Transport.HTTP, message, Outcome.BROKEN, Location("a.json", 1), (reason,)
    )
    return decide([StageResult("providers", Outcome.BROKEN, results=(result,))])


@given(ANYTHING, ANYTHING)
def test_junit_is_well_formed_whatever_was_answered(message: str, actual: str) -> None:
    root = ET.fromstring(junit.render(verdict_with(message, actual)).encode())  # noqa: S314 - written above

    assert root.get("failures") == "1"


@given(ANYTHING)
def test_the_terminal_shows_what_was_answered_as_it_is(actual: str) -> None:
    assert "[bold]" in text.render(verdict_with("differs", f"[bold]{actual}[/nothing]"))


@given(ANYTHING)
def test_a_markdown_row_is_one_line(message: str) -> None:
    lines = markdown.render(verdict_with(message, "1")).split("\n")

    header = next(index for index, line in enumerate(lines) if line.startswith("| consumer"))
    assert lines[header + 2].startswith("| ")
    assert lines[header + 2].endswith(" |")
