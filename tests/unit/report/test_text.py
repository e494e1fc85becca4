"""The verdict as text, and how a terminal shows it."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from servanda.report.console import put_folded
from servanda.report.formats import FORMATS
from servanda.report.text import MANY, lines, render
from servanda.verdict import (
    InteractionResult,
    Location,
    Outcome,
    Reason,
    ReasonKind,
    Severity,
    Span,
    StageResult,
    Transport,
    Verdict,
    decide,
)
from tests.unit.report.conftest import ALL, checked, finding

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def on_a_terminal(verdict: Verdict, width: int, *, colours: bool = False) -> str:
    stream = io.StringIO()
    put_folded(Console(file=stream, width=width, force_terminal=True, color_system="standard"), lines(verdict))
    return stream.getvalue() if colours else COLOUR.sub("", stream.getvalue())


def changed(count: int) -> Verdict:
    elements = [finding(f"Order.f{number}", Severity.ERROR) for number in range(count)]
    return checked("proto", "1.0.0", (*elements[:-1], replace(elements[-1], span=Span("proto/other.proto"))))


def test_many_elements_are_counted_by_rule_and_by_file() -> None:
    told = render(changed(MANY + 1)).splitlines()

    assert "21 elements by rule FIELD_NO_DELETE" in told
    assert told[-3:-1] == ["20 elements by file proto/shop.proto", " 1 element by file proto/other.proto"]


def test_few_elements_are_not_counted() -> None:
    assert "by rule" not in render(changed(MANY))


def test_errors_come_before_warnings() -> None:
    found = (finding("Order.soft", Severity.WARNING, line=1), finding("Order.hard", Severity.ERROR, line=9))

    told = render(checked("proto", "1.0.0", found))

    assert told.index("Order.hard") < told.index("Order.soft")


def test_a_rule_that_differs_from_its_element_says_so() -> None:
    soft = finding("Order.note", Severity.WARNING, rule="DEPRECATION", line=30, message="It was not deprecated.")

    told = render(checked("proto", "1.0.0", (finding("Order.note", Severity.ERROR), soft)))

    assert "  DEPRECATION (warning, at proto/shop.proto:30:3) It was not deprecated. [" in told


@pytest.mark.parametrize("name", ALL)
def test_a_terminal_of_60_columns_shows_everything_in_lines_that_fit(name: str) -> None:
    told = on_a_terminal(ALL[name], 60)

    assert max(map(len, told.splitlines())) <= 60
    assert re.sub(r"\s", "", told) == re.sub(r"\s", "", render(ALL[name]))


def test_what_is_folded_goes_on_further_in() -> None:
    told = on_a_terminal(ALL["two-fields"], 60).splitlines()

    start = next(number for number, line in enumerate(told) if line.startswith("  broken: "))
    assert told[start + 1].startswith("    ")


def test_colours_are_for_terminals_alone() -> None:
    told = on_a_terminal(ALL["no"], 200, colours=True)

    assert COLOUR.search(told)
    assert COLOUR.sub("", told) == render(ALL["no"])
    assert not COLOUR.search(render(ALL["no"]))


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", on_a_terminal(ALL["no"], 80, colours=True))


@pytest.mark.parametrize("form", ["text", "github"])
def test_advice_is_counted_and_not_listed(form: str) -> None:
    guess = finding("Order.note", Severity.ADVICE, rule="BEHAVIOR_SAME_DOCUMENTED_DEFAULT")

    told = FORMATS[form].render(checked("proto", "1.0.0", (guess,)))

    assert "no breaking changes, advice on 1 element" in told
    assert "BEHAVIOR_SAME_DOCUMENTED_DEFAULT 1" in told
    assert "Order.note" not in told


def test_advice_on_an_element_that_breaks_stands_beneath_it() -> None:
    guess = finding("Order.note", Severity.ADVICE, rule="BEHAVIOR")

    told = render(checked("proto", "1.0.0", (guess, finding("Order.note", Severity.ERROR))))

    assert "  BEHAVIOR (advice) " in told


def test_a_pending_interaction_is_told_with_the_words_of_its_consumer_and_changes_no_answer() -> None:
    reason = Reason(ReasonKind.MISMATCH, "$.title is missing")
    result = InteractionResult(
        "reader",
        "library",
        Transport.HTTP,
        "a book",
        Outcome.PENDING,
        Location("pacts/a.json", 3),
        (reason,),
        pending=True,
        comments=("the title comes\nin May",),
    )

    told = render(decide([StageResult("providers", Outcome.HELD, results=(result,))])).splitlines()

    assert told == [
        "reader -> library (http)  0/1 held  pacts/a.json",
        "pending reader -> library (http): a book",
        "  contract: pacts/a.json:3",
        "  comment: the title comes",
        "  comment: in May",
        "  $.title is missing",
        "  again: servanda verify library --consumer reader --interaction 'a book'",
        "verdict yes: providers held (1 interaction, 1 of them pending)",
    ]


def test_what_is_nested_deeply_is_left_most_of_each_line_of_a_narrow_terminal() -> None:
    stream = io.StringIO()

    put_folded(Console(file=stream, width=60), [(f"{' ' * 54}{'word ' * 30}",)])

    told = stream.getvalue().splitlines()
    assert {len(line) - len(line.lstrip()) for line in told} == {20, 22}
    assert len(told) == 5
