"""XML is compared by what it says, and rules reach elements, attributes and texts."""

from typing import Any

import pytest

from servanda.errors import LimitError
from servanda.pact import Body
from servanda.pact.matching.bodies import match_body
from servanda.pact.rules import parse
from servanda.verdict import Mismatch

TYPE = {"match": "type"}
DIGITS = {"match": "regex", "regex": r"\d+"}


def compare(
    expected: str, actual: str | bytes, rules: dict[str, Any] | None = None, *, allow_unexpected: bool = True
) -> list[Mismatch]:
    content = actual if isinstance(actual, bytes) else actual.encode()
    body = Body(expected.encode(), "application/xml")
    found = parse(rules or {}, named=False)
    return list(match_body(body, content, found, content_type="", allow_unexpected=allow_unexpected))


def paths(mismatches: list[Mismatch]) -> list[str]:
    return [found.path for found in mismatches]


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        pytest.param('<a b="1" c="2"/>', '<a  c="2" b="1"></a>', id="order of attributes"),
        pytest.param("<a><b>x</b></a>", "<?xml version='1.0'?>\n<a>\n  <b> x\n</b>\n</a>", id="space around texts"),
        pytest.param("<a><b/><c/></a>", "<a><c/><b/></a>", id="order of names"),
        pytest.param("<a>x</a>", "<a><!-- y --><![CDATA[x]]></a>", id="comments and CDATA"),
        pytest.param('<a xmlns="u"><b/></a>', '<n:a xmlns:n="u"><n:b/></n:a>', id="prefixes"),
        pytest.param('<a xmlns:n="u" n:b="1"/>', '<a xmlns:m="u" m:b="1"/>', id="prefixes of attributes"),
        pytest.param("<a/>", '<a b="1"><c/></a>', id="more than expected"),
        pytest.param("<a><b>1</b></a>", "<a><b>1</b><b>2</b></a>", id="more of one name"),
        pytest.param(
            "<a>é</a>", '<?xml version="1.0" encoding="iso-8859-1"?><a>é</a>'.encode("latin-1"), id="encoding"
        ),
    ],
)
def test_what_says_the_same_is_the_same(expected: str, actual: str | bytes) -> None:
    assert compare(expected, actual) == []


@pytest.mark.parametrize(
    ("expected", "actual", "path"),
    [
        pytest.param("<a/>", "<b/>", "$.a", id="name"),
        pytest.param('<a xmlns="u"/>', '<a xmlns="v"/>', "$.u:a", id="namespace"),
        pytest.param("<a/>", '<a xmlns="v"/>', "$.a", id="a namespace that is not expected"),
        pytest.param('<a b="1"/>', '<a b="2"/>', "$.a.@b", id="attribute"),
        pytest.param('<a b="1"/>', "<a/>", "$.a.@b", id="missing attribute"),
        pytest.param("<a><b>1</b></a>", "<a><b>2</b></a>", "$.a.b.#text", id="text"),
        pytest.param("<a><b/><b/></a>", "<a><b/></a>", "$.a.b", id="missing element"),
        pytest.param("<a><b>1</b><b>2</b></a>", "<a><b>2</b><b>1</b></a>", "$.a.b.#text", id="order in one name"),
    ],
)
def test_what_differs_is_told_with_its_path(expected: str, actual: str, path: str) -> None:
    assert set(paths(compare(expected, actual))) == {path}


@pytest.mark.parametrize(
    ("charset", "actual"),
    [
        pytest.param("iso-8859-1", "<a>é</a>".encode("latin-1"), id="told by the header alone"),
        pytest.param("utf-8", '<?xml version="1.0" encoding="iso-8859-1"?><a>é</a>'.encode(), id="the header first"),
        pytest.param("iso-8859-1", b"\xef\xbb\xbf" + "<a>é</a>".encode(), id="a byte order mark before the header"),
        pytest.param(
            "us-ascii", '<?xml version="1.0" encoding="iso-8859-1"?><a>é</a>'.encode("latin-1"), id="one that cannot be"
        ),
        pytest.param("no-such-charset", "<a>é</a>".encode(), id="one that nobody knows"),
    ],
)
def test_the_charset_of_the_header_decides_where_it_can(charset: str, actual: bytes) -> None:
    body, received = Body("<a>é</a>".encode(), "application/xml"), f"application/xml; charset={charset}"
    assert list(match_body(body, actual, parse({}, named=False), content_type="", received=received)) == []


def test_a_request_may_have_no_more_than_the_example() -> None:
    found = compare("<a><b/></a>", '<a x="1"><b/><b/><c/></a>', allow_unexpected=False)
    assert paths(found) == ["$.a.@x", "$.a.b", "$.a.c"]


def test_a_rule_reaches_an_attribute_a_text_and_an_element_that_is_nothing_but_its_text() -> None:
    rules = {"$.a['@n']": DIGITS, "$.a.b['#text']": DIGITS, "$.a.c": DIGITS}
    example = '<a n="1"><b>1</b><c>1</c></a>'
    assert compare(example, '<a n="22"><b>22</b><c>22</c></a>', rules) == []
    found = compare(example, '<a n="x"><b>x</b><c>22x</c></a>', rules)
    assert paths(found) == ["$.a.@n", "$.a.b.#text", "$.a.c.#text"]


def test_type_makes_an_element_a_template_for_all_of_its_name() -> None:
    rules = {"$.a": TYPE}
    assert compare("<a><b>1</b></a>", "<a><b>x</b><b>y</b></a>", rules) == []
    assert paths(compare("<a><b>1</b></a>", "<a><b>x</b><c/></a>", rules)) == ["$.a.c"]
    assert paths(compare('<a><b n="1"/></a>', "<a><b/></a>", rules)) == ["$.a.b.@n"]
    assert paths(compare("<a><b/></a>", "<a/>", rules)) == ["$.a.b"]


def held(rule: str, example: str, document: str) -> list[bool]:
    rules = {rule: {**TYPE, "min": 2, "max": 3}}
    return [not compare(example, document.format("<b/>" * count), rules) for count in (1, 2, 3, 4)]


def test_limits_count_the_elements_of_a_name_or_those_within_an_element() -> None:
    assert held("$.a.b", "<a><b/></a>", "<a>{}</a>") == [False, True, True, False]
    assert held("$.a", "<a><b/></a>", "<a>{}</a>") == [False, True, True, False]
    assert held("$.r.a", "<r><a><b/></a></r>", "<r><a>{}</a></r>") == [False, True, True, True]


def test_a_rule_may_name_the_prefix_of_the_example_or_all_elements_of_one_name() -> None:
    rules = {"$['n:a']['n:b'][*]['#text']": DIGITS, "$['n:a']['@n:c']": DIGITS}
    example = '<n:a xmlns:n="u" n:c="1"><n:b>1</n:b></n:a>'
    assert compare(example, '<a xmlns="u" xmlns:m="u" m:c="2"><b>2</b></a>', rules) == []
    assert len(compare(example, '<a xmlns="u" xmlns:m="u" m:c="x"><b>x</b></a>', rules)) == 2


def test_an_element_that_must_not_be_empty_has_something_in_it() -> None:
    rules = {"$.a.b": {"match": "notEmpty"}}
    assert compare("<a><b>1</b></a>", "<a><b>2</b></a>", rules) == []
    assert compare("<a><b>1</b></a>", "<a><b/></a>", rules) != []


@pytest.mark.parametrize(
    "actual",
    [
        "<a>",
        "a",
        "",
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
        "<?xml version='1.0' encoding='no-such'?><a/>",
    ],
    ids=["half", "text", "nothing", "an entity", "an entity of a file", "encoding"],
)
def test_what_is_no_xml_or_declares_entities_is_refused(actual: str) -> None:
    (found,) = compare("<a/>", actual)
    assert (found.path, "the body is no XML" in found.message) == ("$", True)


def test_elements_are_nested_within_a_limit() -> None:
    with pytest.raises(LimitError, match="nested more than 100 levels deep"):
        compare("<a/>", "<a>" * 100_000)


def test_an_example_that_is_no_xml_is_compared_as_it_is() -> None:
    assert compare("<a", "<a") == []
    assert compare("<a", "<a/>") != []


@pytest.mark.parametrize("limit", [{"max": 2}, {"min": 4}])
def test_limits_that_fit_the_example_count_the_elements_of_a_name(limit: dict[str, int]) -> None:
    example = f"<a>{'<p><n>1</n></p>' * limit.get('min', 1)}</a>"
    found = compare(example, f"<a>{'<p><n>1</n></p>' * 3}</a>", {"$.a.p": {**TYPE, **limit}})
    assert paths(found) == ["$.a.p"]


def test_limits_that_fit_only_what_is_within_the_example_count_that() -> None:
    example, rules = "<a><p><n/><n/></p></a>", {"$.a.p": {**TYPE, "min": 2}}
    assert compare(example, "<a><p><n/><n/><n/></p></a>", rules) == []
    assert paths(compare(example, "<a><p><n/></p></a>", rules)) == ["$.a.p"]
