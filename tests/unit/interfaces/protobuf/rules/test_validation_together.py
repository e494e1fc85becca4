"""Rules that hold or not by what stands around them: fields that validators do not look into, and rules that moved."""

import pytest

from servanda.interfaces.protobuf.comparison import compare
from servanda.interfaces.protobuf.rules.table import BEYOND_BUF
from servanda.interfaces.rule import Objection
from tests.unit.interfaces.protobuf.rules.conftest import Found, state

IGNORED = "[(buf.validate.field).ignore = IGNORE_ALWAYS]"
LENGTH = {"VALIDATION_LENGTH_INPUT_NO_TIGHTEN"}
NESTED = """
message Sub {{ string id = 1 {rules}; }}
message Middle {{ Sub sub = 1; }}
message In {{ {fields} }}
message Out {{}}
service S {{ rpc Do(In) returns (Out); {more} }}
"""
ANSWERED = """
message Sub {{ string id = 1 {}; }}
message In {{}}
message Out {{ Sub sub = 1 {}; }}
service S {{ rpc Do(In) returns (Out); }}
"""
MOVED = """
message In {{ {message} {kind} low = 1 {field}; int32 high = 2; string name = 3 {name}; }}
message Out {{}}
service S {{ rpc Do(In) returns (Out); }}
"""
CEL_OF_FIELD, CEL_OF_MESSAGE = "(buf.validate.field).cel_expression", "option (buf.validate.message).cel_expression"


def limited(rules: str) -> str:
    return f"[(buf.validate.field).{rules}]" if rules else ""


@pytest.mark.parametrize(
    ("fields", "more", "expected"),
    [
        pytest.param(f"Sub sub = 1 {IGNORED};", "", set(), id="ignored"),
        pytest.param("Sub sub = 1;", "", LENGTH, id="looked into"),
        pytest.param(f"Sub sub = 1 {IGNORED}; Sub other = 2;", "", LENGTH, id="another field of the type"),
        pytest.param(f"Sub sub = 1 {IGNORED}; Middle other = 2;", "", LENGTH, id="another way"),
        pytest.param(f"Middle middle = 1 {IGNORED};", "", set(), id="further up"),
        pytest.param(f"Sub sub = 1 {IGNORED};", "rpc Put(Sub) returns (Out);", LENGTH, id="a request itself"),
        pytest.param(f"repeated Sub sub = 1 {IGNORED};", "", set(), id="a list"),
        pytest.param(f"map<string, Sub> sub = 1 {IGNORED};", "", set(), id="a map"),
        pytest.param(
            "repeated Sub sub = 1 [(buf.validate.field).repeated.items.ignore = IGNORE_ALWAYS];", "", set(), id="items"
        ),
        pytest.param(
            "map<string, Sub> sub = 1 [(buf.validate.field).map.values.ignore = IGNORE_ALWAYS];", "", set(), id="values"
        ),
        pytest.param(
            "map<string, Sub> sub = 1 [(buf.validate.field).map.keys.ignore = IGNORE_ALWAYS];", "", LENGTH, id="keys"
        ),
        pytest.param(
            "Sub sub = 1 [(buf.validate.field).ignore = IGNORE_IF_ZERO_VALUE];", "", LENGTH, id="if it is not set"
        ),
    ],
)
def test_rules_count_where_a_validator_looks(found: Found, fields: str, more: str, expected: set[str]) -> None:
    before, after = (
        NESTED.format(rules=limited(rules), fields=fields, more=more)
        for rules in ("string.max_len = 9", "string.max_len = 5")
    )

    assert found(before, after) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param(("Sub sub = 1;", f"Sub sub = 1 {IGNORED};"), set(), id="closed"),
        pytest.param((f"Sub sub = 1 {IGNORED};", "Sub sub = 1;"), LENGTH, id="opened"),
    ],
)
def test_the_present_state_says_what_is_refused(found: Found, fields: tuple[str, str], expected: set[str]) -> None:
    before, after = (
        NESTED.format(rules=limited(rules), fields=each, more="")
        for rules, each in zip(("string.max_len = 9", "string.max_len = 5"), fields, strict=True)
    )

    assert found(before, after) == expected


def test_a_new_field_is_not_refused_where_no_validator_looks(found: Found) -> None:
    source = """
    message Sub {{ {} }} message In {{ Sub sub = 1 {}; }} message Out {{}} service S {{ rpc Do(In) returns (Out); }}
    """
    new = "int32 size = 1 [(buf.validate.field).int32.gt = 0];"

    assert found(source.format("", IGNORED), source.format(new, IGNORED)) == set()
    assert found(source.format("", ""), source.format(new, "")) == {"VALIDATION_NEW_FIELD_ACCEPTS_ZERO"}


@pytest.mark.parametrize(
    ("parent", "expected"),
    [
        pytest.param("", {"VALIDATION_LENGTH_OUTPUT_NO_LOOSEN"}, id="promised"),
        pytest.param(IGNORED, set(), id="never promised"),
    ],
)
def test_what_no_validator_looked_into_promised_nothing(found: Found, parent: str, expected: set[str]) -> None:
    before, after = (ANSWERED.format(limited(f"string.max_len = {length}"), parent) for length in (5, 9))

    assert found(before, after) == expected


def moved(message: str = "", field: str = "", kind: str = "int32", name: str = "") -> str:
    return MOVED.format(
        message=f'{CEL_OF_MESSAGE} = "{message}";' if message else "",
        field=f'[{CEL_OF_FIELD} = "{field}"]' if field else "",
        kind=kind,
        name=f'[{CEL_OF_FIELD} = "{name}"]' if name else "",
    )


@pytest.mark.parametrize(
    ("of_field", "of_message"),
    [
        pytest.param(moved(field="this > 3"), moved("this.low > 3"), id="a bound"),
        pytest.param(moved(name="this.size() < 5"), moved("this.name.size() < 5"), id="a length"),
        pytest.param(moved(field="this > 3"), moved("!(this.low <= 3)"), id="in other words"),
        pytest.param(
            moved("this.low < 9", "this > 3"), moved("this.low > 3", "this < 9"), id="two rules changed places"
        ),
        pytest.param(moved("this.high < 4", "this > 3"), moved("this.high < 4 && this.low > 3"), id="into another"),
    ],
)
def test_an_expression_that_moved_is_not_new(found: Found, of_field: str, of_message: str) -> None:
    assert found(of_field, of_message) == set()
    assert found(of_message, of_field) == set()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(moved(field="this > 3"), moved("this.low > 4"), "MESSAGE", id="tightened on its way up"),
        pytest.param(moved("this.low > 3"), moved(field="this > 4"), "CEL", id="tightened on its way down"),
        pytest.param(
            moved(field="this > 3", kind="optional int32"),
            moved("this.low > 3", kind="optional int32"),
            "MESSAGE",
            id="held only where it was set",
        ),
        pytest.param(moved(field="this > 3"), moved("this.high > 3"), "MESSAGE", id="of another field"),
        pytest.param(moved(field="this > 3"), moved("this.high < 4", "this > 5"), "CEL", id="tightened beside another"),
    ],
)
def test_an_expression_that_is_tightened_as_it_moves_is_told(
    found: Found, before: str, after: str, expected: str
) -> None:
    assert f"VALIDATION_{expected}_INPUT_NO_TIGHTEN" in found(before, after)


def objections(before: str, after: str) -> list[Objection]:
    return [breach.objection for breach in compare(state(before), state(after), BEYOND_BUF)]


def test_the_words_of_the_validator_are_no_part_of_what_identifies_a_finding() -> None:
    source = "message In {{ string a = 1 {}; }} message Out {{}} service S {{ rpc Do(In) returns (Out); }}"
    (found,) = objections(source.format(""), source.format(limited("string.max_len = 4")))

    assert found.message == "Input field 'a' accepts less, by string.max_len 4."
    assert found.example == "for example 'aaaaa' is refused now (string.max_len: must be at most 4 characters)"


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        pytest.param("string.email = true", "string.email", id="a format"),
        pytest.param("string = {in: ['a', 'b']}", "string.in 'a', 'b'", id="a list"),
        pytest.param("cel = {id: 'x', message: 'no', expression: 'this  !=  \"\"'}", "cel 'this != \"\"'", id="CEL"),
        pytest.param("string.well_known_regex = KNOWN_REGEX_HTTP_HEADER_NAME", "string.well_known_regex", id="an enum"),
    ],
)
def test_a_rule_is_told_as_its_definition_has_it(rules: str, said: str) -> None:
    source = "message In {{ string a = 1 {}; }} message Out {{}} service S {{ rpc Do(In) returns (Out); }}"
    (found,) = objections(source.format(""), source.format(limited(rules)))

    assert said in found.message


def test_a_rule_of_a_message_is_told_by_its_expression() -> None:
    (found,) = objections(moved(), moved("this.low < 9"))

    assert found.message == "Input message 'In' accepts less, by cel_expression 'this.low < 9'."
