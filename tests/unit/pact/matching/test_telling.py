"""As many mismatches as anybody reads."""

from servanda.pact.matching.telling import told
from servanda.verdict import Mismatch


def mismatches(count: int) -> list[Mismatch]:
    return [Mismatch(f"$[{index}]", "1", None, "differs") for index in range(count)]


def test_a_thousand_mismatches_are_told_as_they_are() -> None:
    assert told(iter(mismatches(1000))) == tuple(mismatches(1000))


def test_of_more_the_first_thousand_are_told_and_that_there_are_more() -> None:
    *first, last = told(iter(mismatches(5000)))
    assert first == mismatches(1000)
    assert last == Mismatch("", None, None, "more than 1,000 differences; the others are not shown")


def test_a_text_that_nobody_reads_to_its_end_is_shortened() -> None:
    (found,) = told(iter([Mismatch("$", "x" * 16_384, "y" * 16_389, "differs")]))
    assert found == Mismatch("$", "x" * 16_384, "y" * 16_384 + " [... 5 characters more]", "differs")
