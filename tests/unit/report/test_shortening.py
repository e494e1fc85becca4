"""Long messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.report.formats import FORMATS
from servanda.report.shortening import shortened
from servanda.verdict import Severity
from tests.unit.report.conftest import checked, finding

VALUES = [f"VALUE_{number}" for number in range(500)]


@pytest.mark.parametrize("joint", [", ", " or ", " / "])
def test_a_long_list_is_cut_in_its_middle_with_a_count(joint: str) -> None:
    told = shortened(f"enum: {joint.join(VALUES)} added.")

    shown = [value for value in VALUES if value in told.replace(joint.strip(), " ").split()]
    assert told.endswith(f"{joint}VALUE_499 added.")
    assert f"[{len(VALUES) - len(shown)} more]" in told
    assert len(told) < 400


def test_a_long_value_is_cut_with_the_number_of_its_characters() -> None:
    assert "[720 characters more]" in shortened("x" * 1000)


@given(st.text(max_size=400))
def test_a_message_that_a_person_can_read_stays(message: str) -> None:
    assert shortened(message) == message


@given(st.lists(st.text("ab, or/", max_size=40), max_size=80).map("".join))
def test_no_message_is_longer_than_a_few_lines(message: str) -> None:
    assert len(shortened(message)) <= 500


def test_a_list_is_whole_for_programs_and_short_for_people(form: str) -> None:
    message = f"enum: {', '.join(VALUES)} added."
    told = FORMATS[form].render(checked("proto", "1.0.0", (finding("Order.state", Severity.ERROR, message=message),)))

    assert (message in told) is (form == "json")
    assert "VALUE_499" in told
    assert max(map(len, told.splitlines())) < 7000 or form == "json"
