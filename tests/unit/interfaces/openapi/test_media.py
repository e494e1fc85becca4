"""Media types are compared by what they mean: neither case nor a parameter that one state names makes another one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.interfaces.openapi.media import describing, media_type, pairs
from tests.unit.interfaces.openapi.operation import get, rules

SENT, GONE, WIDER = (
    "REQUEST_MEDIA_TYPE_NO_DELETE",
    "RESPONSE_MEDIA_TYPE_NO_DELETE",
    "RESPONSE_MEDIA_TYPE_NO_WIDEN",
)


def content(*media_types: str) -> str:
    entries = ", ".join(f"{each!r}: {{schema: {{type: string}}}}" for each in media_types)
    return f"content: {{{entries}}}"


def sent(*media_types: str) -> str:
    return get(f"requestBody: {{{content(*media_types)}}}, responses: {{}}")


def answered(*media_types: str) -> str:
    return get(f"responses: {{200: {{{content(*media_types)}}}}}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("application/JSON", "application/json"),
        ("application/json", "application/json; charset=utf-8"),
        ("application/json;charset=utf-8", "application/json"),
        ("application/json; charset=utf-8", "application/json; charset=latin1"),
        ("text/html;charset=UTF-8", "Text/HTML; Charset=utf-8"),
        ('text/html; charset="utf-8"', "text/html; charset=utf-8"),
        ("text/csv", "text/csv; header=present"),
        ("multipart/form-data; boundary=a", "multipart/form-data; boundary=b"),
    ],
)
def test_another_spelling_is_the_same_type(before: str, after: str) -> None:
    assert rules(sent(before), sent(after)) == set()
    assert rules(answered(before), answered(after)) == set()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("application/json", "application/xml"),
        ("application/json", "application/vnd.depot+json"),
        ("application/vnd.depot+json", "application/json"),
        ("application/json; version=1", "application/json; version=2"),
        ("text/plain; charset=latin1", "text/plain; charset=utf-8"),
    ],
)
def test_another_type_is_another_one(before: str, after: str) -> None:
    assert rules(sent(before), sent(after)) == {SENT}
    assert rules(answered(before), answered(after)) == {GONE}


@pytest.mark.parametrize(
    ("before", "after", "of_request", "of_response"),
    [
        (["application/json"], ["application/*"], set(), {WIDER}),
        (["application/json"], ["*/*"], set(), {WIDER}),
        (["application/*"], ["application/json"], {SENT}, set()),
        (["*/*"], ["application/*"], {SENT}, set()),
        (["application/*"], ["*/*"], set(), {WIDER}),
        (["application/json"], ["text/*"], {SENT}, {GONE}),
        (["application/json", "*/*"], ["*/*"], set(), set()),
        (["*/*"], ["*/*", "application/json"], set(), set()),
        (
            ["application/json; version=1", "application/json; version=2"],
            ["application/json; version=2"],
            {SENT},
            {GONE},
        ),
        (["application/json"], ["application/json", "application/xml"], set(), set()),
    ],
)
def test_a_range_takes_more_and_promises_less(
    before: list[str], after: list[str], of_request: set[str], of_response: set[str]
) -> None:
    assert rules(sent(*before), sent(*after)) == of_request
    assert rules(answered(*before), answered(*after)) == of_response


def test_what_a_body_holds_is_compared_in_the_entry_that_describes_it() -> None:
    before = get("requestBody: {content: {'*/*': {schema: {maxLength: 9}}}}, responses: {}")
    after = before.replace(
        "'*/*': {schema: {maxLength: 9}}", "'*/*': {schema: {maxLength: 9}}, text/plain: {schema: %s}"
    )

    assert rules(before, after % "{maxLength: 9}") == set()
    assert rules(before, after % "{maxLength: 8}") == {"REQUEST_LIMIT_NO_TIGHTEN"}


@pytest.mark.parametrize(
    ("wanted", "keys", "expected"),
    [
        ("application/json", ["*/*", "application/*", "application/JSON"], "application/JSON"),
        ("application/json", ["*/*", "application/*"], "application/*"),
        ("text/plain; a=1", ["text/plain", "text/plain; a=1; b=2", "text/plain;a=1"], "text/plain;a=1"),
        ("application/*", ["application/json"], None),
    ],
)
def test_the_most_exact_key_describes_a_type(wanted: str, keys: list[str], expected: str | None) -> None:
    assert describing(wanted, keys) == expected


KEYS = st.one_of(st.sampled_from(["*/*", "a/*", "a/b", "A/B; c=1", "a/b;c=2", "a/c"]), st.text(max_size=8))


@given(st.lists(KEYS, max_size=4, unique=True))
def test_equal_keys_are_pairs(keys: list[str]) -> None:
    assert list(pairs(keys, keys)) == [(key, key) for key in keys]


@given(KEYS)
def test_every_key_means_what_it_means(key: str) -> None:
    assert media_type(key).covers(media_type(key))
