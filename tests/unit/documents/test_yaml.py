"""YAML is read as far as JSON has it too, within bounds, and every part has a place."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from servanda.documents import DocumentLimits, Notation, ParsedDocument, Reader
from servanda.errors import InterfaceError

READER = Reader(InterfaceError, DocumentLimits(depth=20, aliased=1000))


def read(text: str | bytes) -> ParsedDocument:
    return READER.parse(text, "a.yaml", Notation.YAML)


def refused(text: str | bytes) -> str:
    with pytest.raises(InterfaceError) as caught:
        read(text)
    return str(caught.value)


def test_a_place_is_line_and_column_of_key_and_value() -> None:
    document = read("a:\n  - x\n  - b: {c: 2}\n")
    assert document.where_key(("a", "1", "b")) == "a.yaml:3:5"
    assert document.where(("a", "1", "b", "c")) == "a.yaml:3:12"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(alphabet=st.characters(categories=["L", "N", "P"])),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc:-"), inner, max_size=3),
        max_leaves=10,
    )
)
def test_what_is_written_is_read(value: object) -> None:
    # In quotes with tags: the library writes plain scalars by version 1.1, where 08 is a text.
    assert read(yaml.safe_dump(value, allow_unicode=True, default_style='"')).value == value


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000])
def test_nesting_ends_at_the_limit(text: str) -> None:
    assert "nested more than 20 levels deep" in refused(text)


def test_aliases_that_multiply_end_at_the_limit() -> None:
    bomb = "a0: &a0 [x, x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 15))
    assert "aliases repeat more than 1,000 values" in refused(bomb)


def test_merge_keys_that_multiply_end_at_the_limit() -> None:
    names = ", ".join(f"k{n}: 1" for n in range(100))
    bomb = f"a: &a {{{names}}}\n" + "".join(f"b{n}: {{<<: *a}}\n" for n in range(20))
    assert "aliases repeat more than 1,000 values" in refused(bomb)


def test_aliases_that_nest_end_at_the_limit() -> None:
    chain = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 30))
    assert "the alias nests more than 20 levels deep" in refused(chain)


def test_an_alias_that_contains_itself_is_refused() -> None:
    assert refused("a: &x\n  b: *x\n") == "a.yaml:2:6: an alias contains itself"


def test_an_alias_is_the_value_that_it_stands_for() -> None:
    document = read("a: &x {b: 1}\nc: *x\n&k d: 1\n*k : 2\n".replace("*k : 2", "e: *k"))
    assert document.value == {"a": {"b": 1}, "c": {"b": 1}, "d": 1, "e": "d"}
    assert document.where_key(("c", "b")) == "a.yaml:1:8"


def test_merge_keys_add_what_the_table_does_not_say() -> None:
    document = read("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 3\n")
    assert document.value["c"] == {"x": 3, "y": 1, "z": 2}
    assert document.where_key(("c", "z")) == "a.yaml:2:14"


def test_a_merge_of_something_else_than_a_table_is_refused() -> None:
    assert refused("a: {<<: 3}\n") == "a.yaml:1:9: expected a table to merge"


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3\n", "a: 1\n\n'a': 3\n"])
def test_a_key_that_is_there_twice_has_both_places(text: str) -> None:
    assert refused(text) == "a.yaml:3:1: duplicate key 'a', first at 1:1"


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system [x]",
        "!!python/name:os.system",
        "!mine x",
        "!!binary aGk=",
        "!!set {a}",
        "!x {}",
    ],
)
def test_a_value_that_json_does_not_have_is_refused(value: str) -> None:
    assert "which JSON does not have" in refused(f"a: {value}\n")


@pytest.mark.parametrize(
    "number",
    [".nan", ".inf", "-.inf", "1.0e+999", "9" * 5000, f"0x{'f' * 4300}", "!!int a", "!!int 1:30", "!!bool yes"],
)
def test_a_number_that_json_does_not_have_is_refused(number: str) -> None:
    assert refused(f"a: {number}\n").startswith("a.yaml:1:4: ")


@pytest.mark.parametrize(
    "text", ["NO", "no", "on", "Off", "y", "1_000", "1:30", "0b1", "0x_", "2026-11-22", "=", "+.nan"]
)
def test_what_only_version_1_1_reads_otherwise_is_a_text(text: str) -> None:
    assert read(f"[{text}]").value == [text]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("012", 12), ("0o14", 12), ("0xC", 12), ("+12", 12), ("-0", 0), ("!!int 012", 12)),
        *(("1e3", 1000.0), (".5", 0.5), ("5.", 5.0), ("-1.5E-1", -0.15), ("!!float 1.0", 1.0)),
        *(("True", True), ("FALSE", False), ("Null", None), ("~", None), ("!!str NO", "NO"), ("'no'", "no")),
    ],
)
def test_a_scalar_is_read_as_version_1_2_reads_it(text: str, value: object) -> None:
    (found,) = read(f"[{text}]").value
    assert (found, type(found)) == (value, type(value))


def test_a_date_is_a_text_and_a_status_is_a_key() -> None:
    assert read("a: 2026-01-01\n200: true\n").value == {"a": "2026-01-01", "200": True}


@pytest.mark.parametrize(
    "text", ["a: [", "a: *b", "a: b: c", "\0", "a: \x07", '"\\ud800"', "--- a\n--- b\n", "? [a]", "? " * 100_000]
)
def test_what_is_no_yaml_is_refused_with_its_place(text: str) -> None:
    assert refused(text).startswith("a.yaml:")


@pytest.mark.parametrize("content", ["a: 1".encode("utf-16"), b"a: \xff"])
def test_another_encoding_is_refused(content: bytes) -> None:
    assert "expected UTF-8" in refused(content)


def test_an_empty_document_is_nothing() -> None:
    assert (read("").value, read("# only a remark\n").value, read(b"\xef\xbb\xbfa: 1").value) == (None, None, {"a": 1})


@given(st.binary() | st.text(alphabet="{}[]&*ab:,-? \n'\"!<|>%#.0_\t").map(str.encode))
def test_any_bytes_give_a_document_or_an_error(content: bytes) -> None:
    try:
        document = read(content)
    except InterfaceError:
        return
    assert document.where(("a",))
