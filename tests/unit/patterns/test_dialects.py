"""Expressions of Java, JavaScript and Rust mean here what they mean there."""

import pytest

from servanda.errors import LimitError, PatternError
from servanda.patterns import understood


@pytest.mark.parametrize(
    ("expression", "held", "refused"),
    [
        (r"(?<x>a|b)\k<x>", "aa", "ab"),
        (r"(?P<x>a|b)(?P=x)", "bb", "bc"),
        (r"\Qa.b\E+", "a.bb", "axb"),
        (r"\Qa.b", "a.b", "axb"),
        (r"\x{41}\u{1F600}", "A\U0001f600", "A"),
        (r"\uD83D\uDE00", "\U0001f600", "\U0001f601"),
        (r"[\uD83D\uDE00-\uD83D\uDE4F]+", "\U0001f602", "\U0001f680"),
        (r"\p{javaLowerCase}+", "abc", "aB"),
        (r"\P{L}+", "12", "a2"),
        (r"\p{L}{2}", "éa", "é1"),
        (r"\p{IsLatin}+", "Zoë", "Ζωή"),
        (r"[[:alpha:]]+", "abc", "ab1"),
        (r"[a-z&&[^aeiou]]+", "xyz", "xya"),
        (r"[a-d[m-p]]+", "amp", "az"),
        (r"[[:digit:][a-c]]+", "1a2", "1d"),
        (r"[[:digit:]x]+[y]", "1xy", "1x"),
        (r"[^[]+", "abc", "a["),
        (r"[\[\]]+", "[]", "a"),
        (r"a(?i)b", "aB", "AB"),
        (r"(?i)ab", "AB", "ac"),
        (r"a(?i:b)", "aB", "AB"),
        (r"red\z", "red", "red\n"),
        (r"red\Z", "red", "red\n"),
        (r"^red$", "red", "red\n"),
        (r"red|blue", "blue", "bluegrey"),
        (r"a++b", "aab", "a"),
        (r"(?>a|ab)c", "ac", "abc"),
        (r"\cA\e", "\x01\x1b", "A"),
        (r"\{\d+\}", "{12}", "12"),
        (r"a{e}", "a{e}", "a"),
        (r"\/[\w.-]+", "/a.b-c", "/a b"),
        (r"(?U)\w+", "é", "-"),
        (r"(?iU)a", "A", "b"),
        (r"(?d)a.c", "abc", "a\nc"),
        (r"(?Ui-d:a)b", "Ab", "AB"),
        (r"(?-U)ab", "ab", "a"),
        (r"(?-u)\w", "a", "é"),
        (r"a[^]b", "a\nb", "ab"),
        (r"[^]*id: [0-9]+", "\nid: 7", "id: x"),
        (r"a[]|b", "b", "a"),
        (r"[^]]", "a", "]"),
        (r"[]a]+", "]a", "b"),
        (r"\0101\07", "A\x07", "\x081\x07"),
        (r"\0", "\0", "0"),
        (r"[\0101-\0103]+", "ABC", "D"),
        (r"\h\H\V", " ab", "aab"),
        (r"\U{1F600}", "\U0001f600", "U"),
        (r"\b{start}foo\b{end}.*", "foo bar", "food"),
        (r"\b{start-half}a\b{end-half}", "a", "aa"),
        (r"[\w--\d]+", "ab", "a1"),
        (r"[a-g~~b-h]", "h", "c"),
        (r"[+--]", ",", "a"),
        (r"\p{javaLetterOrDigit}+", "aé1", "-"),
        (r"[\p{javaLetterOrDigit}-]+", "a-1", "_"),
        (r"\P{javaLetterOrDigit}+", "-", "a"),
        (r"\P{javaLetter}+", "1", "a"),
        (r"\p{L1}+", "é", "€"),
        (r"\p{IsLu}\p{IsL}\p{IsPunctuation}", "Aa!", "aa!"),
    ],
)
def test_an_expression_of_another_language_is_understood(expression: str, held: str, refused: str) -> None:
    found = understood(expression)
    assert found.fullmatch(held) is not None
    assert found.fullmatch(refused) is None


@pytest.mark.parametrize(
    "expression",
    [
        *("(", r"\p{NoSuchThing}", r"\i", "[a", r"\u{FFFFFF}", r"(?<x>a)\k<y>", "(?-u:a)", "a(?-u)b"),
        *(r"\b{g}", r"\m", r"[\P{javaLetterOrDigit}]", "[^", r"[\H]"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(expression: str) -> None:
    with pytest.raises(PatternError, match="not a valid regular expression"):
        understood(expression)


@pytest.mark.parametrize("text", ["[:" * 500_000, "(?i" * 500_000, r"\Q" * 500_000, "&" * 2_000_000])
def test_an_expression_that_is_too_long_is_refused_before_it_is_looked_through(text: str) -> None:
    with pytest.raises(LimitError, match="more than the 10000 that are allowed"):
        understood(text)
