"""The answer that follows from parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.verdict import Answer, Finding, Outcome, Severity, Span, StageResult, combine, decide

OUTCOMES = st.lists(st.sampled_from(Outcome))


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        pytest.param([Outcome.HELD, Outcome.HELD], Outcome.HELD, id="all held"),
        pytest.param([Outcome.HELD, Outcome.UNKNOWN], Outcome.UNKNOWN, id="one unknown"),
        pytest.param(
            [Outcome.UNKNOWN, Outcome.BROKEN, Outcome.HELD], Outcome.BROKEN, id="one broken outweighs unknown"
        ),
        pytest.param([Outcome.SKIPPED, Outcome.HELD], Outcome.HELD, id="skipped does not count"),
        pytest.param([Outcome.SKIPPED], Outcome.UNKNOWN, id="nothing but skipped proves nothing"),
        pytest.param([], Outcome.UNKNOWN, id="nothing at all proves nothing"),
    ],
)
def test_the_worst_part_decides_the_whole(outcomes: list[Outcome], expected: Outcome) -> None:
    assert combine(outcomes) is expected


@given(OUTCOMES)
def test_the_order_of_parts_does_not_matter(outcomes: list[Outcome]) -> None:
    assert combine(outcomes) is combine(reversed(outcomes))


@given(OUTCOMES)
def test_a_broken_part_is_never_outvoted(outcomes: list[Outcome]) -> None:
    assert combine([*outcomes, Outcome.BROKEN]) is Outcome.BROKEN


def test_an_error_finding_stops_a_change_whose_stages_held() -> None:
    finding = Finding("FIELD_NO_DELETE", "FILE", Severity.ERROR, Span("a.proto", 1, 1, 1, 2), "a.B.c", "deleted", "f1")

    verdict = decide([StageResult("interfaces", Outcome.HELD, findings=(finding,))])

    assert verdict.answer is Answer.NO


def test_a_warning_does_not_stop_a_change() -> None:
    finding = Finding("FIELD_NO_DELETE", "FILE", Severity.WARNING, Span("a.proto"), "a.B.c", "deleted", "f1")

    assert decide([StageResult("interfaces", Outcome.HELD, findings=(finding,))]).answer is Answer.YES


@pytest.mark.parametrize(
    ("answer", "code"),
    [(Answer.YES, 0), (Answer.NO, 1), (Answer.UNKNOWN, 2)],
    ids=["yes", "no", "unknown"],
)
def test_every_answer_has_its_exit_code(answer: Answer, code: int) -> None:
    assert answer.exit_code == code
