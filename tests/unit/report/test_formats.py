"""What every format has to say."""

import importlib.metadata
from collections.abc import Callable

import pytest

from servanda.report.formats import FORMATS
from servanda.verdict import Outcome, Reason, ReasonKind, StageResult, Verdict, decide
from tests.unit.report.conftest import ALL

Golden = Callable[[str, str], None]


@pytest.mark.parametrize("name", ["yes", "no", "unknown", "hit", "two-fields"], indirect=True)
def test_every_format_looks_as_reviewed(form: str, name: str, verdict: Verdict, golden: Golden) -> None:
    version = f'"version": "{importlib.metadata.version("servanda")}"'

    golden(f"{name}.{FORMATS[form].file}", FORMATS[form].render(verdict).replace(version, '"version": "0.0.0"'))


def test_the_same_verdict_gives_the_same_bytes(form: str, verdict: Verdict) -> None:
    assert FORMATS[form].render(verdict) == FORMATS[form].render(verdict)


def test_every_format_has_a_file_of_its_own() -> None:
    assert len({row.file for row in FORMATS.values()}) == len(FORMATS) == 9


def test_every_finding_is_told(form: str, check: Verdict) -> None:
    told = FORMATS[form].render(check)

    assert [each.rule for each in check.findings if each.rule not in told] == []


def test_every_interaction_that_does_not_hold_is_told(form: str) -> None:
    told = FORMATS[form].render(ALL["no"])

    assert "a request for a user" in told
    assert "a user was created" in told
    assert "the status differs" in told


def test_every_format_says_why_a_stage_could_not_run(form: str) -> None:
    assert "no Java was found" in FORMATS[form].render(ALL["unknown"])


def test_a_field_that_is_used_and_one_that_is_not_get_different_verdicts(form: str, two_fields: Verdict) -> None:
    told = FORMATS[form].render(two_fields).replace("&#x27;", "'")

    used, unused = told.rindex("'note' was deleted"), told.rindex("'gift' was deleted")
    assert "broken" in told[used : used + 900] or "broken" in told[max(0, used - 900) : used]
    after = told[unused:]
    assert "broken" not in after.partition("<details>")[0]
    assert "unaffected" in after


def test_the_junit_report_tells_what_a_stage_that_holds_has_to_say() -> None:
    reason = Reason(ReasonKind.TREE_CHANGED, "a file changed")
    report = FORMATS["junit"].render(decide([StageResult("consumers", Outcome.HELD, reasons=(reason,))]))

    (_, said) = report.split("<system-out>")
    assert "a file changed" in said
    assert "<failure" not in report
