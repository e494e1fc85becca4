"""What every format of a check has to say."""

import importlib.metadata
from collections.abc import Callable

import pytest

from servanda.report.check import FORMATS
from servanda.verdict import Check

Golden = Callable[[str, str], None]
ENDINGS = {
    "text": "txt",
    "json": "json",
    "junit": "xml",
    "sarif": "sarif",
    "github": "github",
    "gitlab": "gitlab.json",
    "markdown": "md",
    "html": "html",
}


@pytest.fixture(params=FORMATS)
def form(request: pytest.FixtureRequest) -> str:
    """Name of one of the formats."""
    chosen: str = request.param
    return chosen


def test_every_format_looks_as_reviewed(form: str, two_fields: Check, golden: Golden) -> None:
    version = f'"version": "{importlib.metadata.version("servanda")}"'

    golden(f"two-fields.{ENDINGS[form]}", FORMATS[form](two_fields).replace(version, '"version": "0.0.0"'))


def test_the_same_check_gives_the_same_bytes(form: str, check: Check) -> None:
    assert FORMATS[form](check) == FORMATS[form](check)


def test_every_finding_is_told(form: str, check: Check) -> None:
    told = FORMATS[form](check)

    assert [each.rule for each in check.findings if each.rule not in told] == []


def test_a_field_that_is_used_and_one_that_is_not_get_different_verdicts(form: str, two_fields: Check) -> None:
    told = FORMATS[form](two_fields).replace("&#x27;", "'")

    used, unused = told.rindex("'note' was deleted"), told.rindex("'gift' was deleted")
    assert "broken" in told[used : used + 900] or "broken" in told[max(0, used - 900) : used]
    after = told[unused:]
    assert "broken" not in after.partition("<details>")[0]
    assert "unaffected" in after
