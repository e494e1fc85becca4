"""Both values of a difference, and where they differ."""

from hypothesis import given
from hypothesis import strategies as st

from servanda.report.difference import differing, reason
from servanda.verdict import Location, Reason, ReasonKind

WORDS = st.text("ab1", max_size=8)


def shown(expected: str | None, actual: str | None) -> str:
    return reason(Reason(ReasonKind.MISMATCH, "the value differs", "$.x", expected, actual))


@given(WORDS, WORDS)
def test_what_is_around_the_stretch_is_the_same_in_both(expected: str, actual: str) -> None:
    (start, end), (other_start, other_end) = differing(expected, actual)

    assert 0 <= start <= end <= len(expected)
    assert 0 <= other_start <= other_end <= len(actual)
    assert (expected[:start], expected[end:]) == (actual[:other_start], actual[other_end:])
    if expected != actual:
        assert (expected[start:end], actual[other_start:other_end]) != ("", "")


@given(WORDS)
def test_equal_values_differ_nowhere(value: str) -> None:
    (start, end), _ = differing(value, value)

    assert start == end


def test_the_stretch_that_differs_is_marked() -> None:
    told = shown('"2026-11-01T00:00:00Z"', '"2026-11-02T00:00:00Z"')

    assert "2026-11-0<mark>1</mark>T00:00:00Z" in told
    assert "2026-11-0<mark>2</mark>T00:00:00Z" in told


def test_short_values_and_values_without_anything_in_common_are_not_marked() -> None:
    assert "<mark>" not in shown("200", "204")
    assert "<mark>" not in shown("aaaaaaaaaa", "bbbbbbbbbb")


def test_where_one_value_only_goes_on_the_other_one_has_no_mark() -> None:
    told = shown("abcdefgh", "abcdefgh and more")

    assert "<code>abcdefgh</code>" in told
    assert "abcdefgh<mark> and more</mark>" in told


def test_a_mark_never_splits_an_escape() -> None:
    told = shown("abcdefgh\\\n", "abcdefgh\\x")

    assert "<mark>" not in told.partition("actual")[0]


def test_an_absent_value_is_not_an_empty_one() -> None:
    assert "<em>nothing</em>" in shown('"ada"', None)
    assert '<dd class="actual"><code></code></dd>' in shown('"ada"', "")


def test_a_reason_tells_its_field_and_where_to_look() -> None:
    told = reason(Reason(ReasonKind.MISMATCH, "one\ntwo", "$.user", "1", "2", Location("a.log", 7)))

    assert '<p class="message">one</p><pre>two</pre>' in told
    assert "<dt>field</dt><dd><code>$.user</code></dd>" in told
    assert "<dt>see</dt><dd><code>a.log:7</code></dd>" in told
