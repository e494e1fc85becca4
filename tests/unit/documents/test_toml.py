"""TOML is read within bounds, and every part has a place."""

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from servanda.documents import DocumentLimits, Notation, ParsedDocument, Reader
from servanda.errors import ConfigurationError

READER = Reader(ConfigurationError, DocumentLimits(depth=20))
KEYS = st.text("abc.- '\"", min_size=1, max_size=4)
TEXT = """\
title = "x" # [no.table]
[services.identity]
command = ["a", # one
  'b']
text = \"\"\"
[not.a.table] = 1 \"\"\" # over two lines
limits = { depth = 3, "odd key" = { x = 1979-05-27 07:32:00 } }
a.b.c = true

[[waiver]]
rule = "A"

  [[ waiver ]]
  rule = 'B'
  [waiver.extra]
  n = 1
"""


def read(text: str | bytes) -> ParsedDocument:
    return READER.parse(text, "a.toml")


def refused(text: str | bytes) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("pointer", "key", "value"),
    [
        ("title", "1:1", "1:9"),
        ("services identity command", "3:1", "3:11"),
        ("services identity command 1", "4:3", "4:3"),
        ("services identity text", "5:1", "5:8"),
        ("services identity limits odd_key x", "7:37", "7:41"),
        ("services identity a b c", "8:5", "8:9"),
        ("waiver 1 rule", "14:3", "14:10"),
        ("waiver 1 extra n", "16:3", "16:7"),
        ("waiver 1", "13:3", "13:3"),
    ],
)
def test_a_place_is_line_and_column_of_key_and_value(pointer: str, key: str, value: str) -> None:
    parts = tuple(part.replace("_", " ") for part in pointer.split())
    document = read(TEXT)
    assert (document.where_key(parts), document.where(parts)) == (f"a.toml:{key}", f"a.toml:{value}")


@given(
    st.dictionaries(
        KEYS,
        st.recursive(
            st.booleans() | st.integers(-9, 9) | st.text(),
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2),
            max_leaves=8,
        ),
        max_size=4,
    )
)
def test_every_key_has_a_place_of_its_own(value: dict[str, object]) -> None:
    document = read(tomlkit.dumps(value))
    assert document.value == value
    assert len({document.where_key((key,)) for key in value}) == len(value)


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 100_000, "a = " + "{a = " * 100_000, f"[{'a.' * 100_000}a]", f"{'a.' * 100_000}a = 1"]
)
def test_nesting_ends_at_the_limit(text: str) -> None:
    assert "nested more than 20 levels deep" in refused(text)


def test_an_integer_of_5000_digits_is_refused() -> None:
    assert refused(f"\na = {'9' * 5000}").startswith(
        "a.toml:2:5: the number 99999999999999999999...9999999999 has 5,000"
    )


@pytest.mark.parametrize("text", ["a = 1\na = 2", "[a]\n[a]", "a", "a = \0", 'a = "\\ud800"', "a = [1", "[[a]", "= 1"])
def test_what_is_no_toml_is_refused_with_its_place(text: str) -> None:
    assert refused(text).startswith("a.toml:")


@pytest.mark.parametrize("content", ["a = 1".encode("utf-16"), b"a = '\xff'", b"# \xff"])
def test_another_encoding_is_refused(content: bytes) -> None:
    assert "expected UTF-8" in refused(content)


@given(st.binary() | st.text(alphabet="[]{}=.,'\"#\\ab 01-:\n_ex").map(str.encode))
def test_any_bytes_give_a_document_or_an_error(content: bytes) -> None:
    try:
        document = READER.parse(content, "a.toml", Notation.TOML)
    except ConfigurationError:
        return
    assert document.where(("a",))
