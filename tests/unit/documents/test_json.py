"""JSON is read by RFC 8259, within bounds, and every part has a place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.documents import DocumentLimits, Notation, Reader, parse_payload
from servanda.errors import ContractError, ServandaError

READER = Reader(ContractError, DocumentLimits(depth=20))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def refused(text: str | bytes) -> str:
    with pytest.raises(ContractError) as caught:
        READER.parse(text, "a.json")
    return str(caught.value)


@given(VALUES, st.sampled_from([None, 1]))
def test_what_is_written_is_read_with_the_place_of_every_member(value: object, indent: int | None) -> None:
    text = json.dumps({"a": value}, indent=indent)
    document = READER.parse(text, "a.json")
    line, column, _, _ = document.extent(("a",))
    assert document.value == {"a": value}
    assert "\n".join(text.splitlines()[line - 1 :])[column - 1 :].startswith(json.dumps(value, indent=indent)[:1])


def test_a_place_is_line_and_column_of_key_and_value() -> None:
    document = READER.parse('{\n "a": [1,\n  {"b": 2}]}', "a.json")
    assert (document.where_key(("a",)), document.where(("a", "1", "b"))) == ("a.json:2:2", "a.json:3:9")


def test_lists_in_lists_end_at_the_limit() -> None:
    assert READER.parse("[" * 20 + "]" * 20, "a.json").value
    assert refused("[" * 21 + "]" * 21) == "a.json:1:21: nested more than 20 levels deep"
    assert refused("[" * 100_000) == "a.json:1:21: nested more than 20 levels deep"


def test_members_in_members_end_at_the_limit() -> None:
    assert "nested more than 20 levels deep" in refused('{"a":' * 100_000)


def test_a_name_that_is_there_twice_has_both_places() -> None:
    assert refused('{"a": 1,\n "b": {"c": 1, "c": 2}}') == "a.json:2:16: duplicate key 'c', first at 2:8"


def test_a_name_that_is_escaped_is_the_same_name() -> None:
    assert "duplicate key 'a'" in refused('{"a": 1, "\\u0061": 2}')


def test_an_integer_of_5000_digits_is_refused() -> None:
    assert refused(f'{{"a": {"9" * 5000}}}') == "a.json:1:7: an integer of 5,000 digits, the limit is 4,300"


@pytest.mark.parametrize("number", ["1e999", "-1e999", f"1.{'0' * 5000}"])
def test_a_number_that_cannot_be_kept_is_refused(number: str) -> None:
    assert refused(f"[{number}]").startswith("a.json:1:2: ")


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_in_json_is_refused(word: str) -> None:
    assert refused(f"[{word}]") == f"a.json:1:2: {word} is not a JSON number"


def test_half_of_a_surrogate_pair_is_refused() -> None:
    assert READER.parse(r'["\ud83d\ude00", "\\ud800"]', "a.json").value == ["\U0001f600", r"\ud800"]
    assert "a.json:1:7: a string holds an unpaired surrogate" in refused(r'{"a": "\ud800"}')


@pytest.mark.parametrize("text", ["", "[", "[1", '{"a"', '{"a": 1}}', "\0", '["\0"]', "nul"])
def test_what_is_no_json_is_refused_with_its_place(text: str) -> None:
    assert refused(text).startswith("a.json:1:")


@pytest.mark.parametrize("content", ["[1]".encode("utf-16"), "[1]".encode("utf-16-le"), b'["\xff"]'])
def test_another_encoding_is_refused(content: bytes) -> None:
    assert "a.json" in refused(content)


def test_a_byte_order_mark_of_utf_8_is_left_out() -> None:
    assert READER.parse(b"\xef\xbb\xbf[1]", "a.json").value == [1]


@given(st.binary() | st.text(alphabet='{}[]",:0\\u19eE.-+dDa \n').map(str.encode))
def test_any_bytes_give_a_document_or_an_error(content: bytes) -> None:
    try:
        document = READER.parse(content, "a.json", Notation.JSON)
    except ContractError:
        return
    assert document.where(("a",))


def test_a_payload_may_have_a_name_twice_and_nests_as_a_document() -> None:
    assert parse_payload(b'{"a": 1, "a": 2}') == {"a": 2}
    for text in ("[" * 101 + "]" * 101, "[" * 100_000, "{", "9" * 5000, b"\xff"):
        with pytest.raises(ValueError, match=r"."):
            parse_payload(text)


@pytest.mark.parametrize("text", ["[" + "[]," * 20 + "[]]", "[" + "0," * 20 + "0]", '{"a":' * 21 + "0" + "}" * 21])
def test_more_values_than_the_limit_are_refused_before_any_is_made(text: str) -> None:
    with pytest.raises(ServandaError, match="holds more than the limit of 20 values"):
        Reader(limits=DocumentLimits(values=20)).parse(text, "a.json")


def test_what_looks_like_a_value_within_a_text_does_not_count() -> None:
    text = json.dumps(['[{,\\"' * 50])
    assert Reader(limits=DocumentLimits(values=20)).parse(text, "a.json").value == json.loads(text)


def test_a_payload_of_millions_of_values_is_refused() -> None:
    for payload in ("[" + "0," * 5_000_000 + "0]", b"[" + b"0," * 5_000_000 + b"0]"):
        with pytest.raises(ValueError, match="more than 5,000,000 values"):
            parse_payload(payload)


@pytest.mark.parametrize("start", [b'"', b'["', b'{"a":"'])
def test_a_string_that_is_never_closed_is_looked_through_once(start: bytes) -> None:
    with pytest.raises(ValueError, match="Unterminated string"):
        parse_payload(start + b'\\",' * 5_000_001)
