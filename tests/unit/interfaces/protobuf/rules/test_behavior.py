"""Who is surprised by a field that behaves otherwise, and what a new field may mean by its absence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.interfaces.protobuf.rules.prose import meanings
from tests.unit.interfaces.protobuf.rules.conftest import Found

SHOP = "message In {{ string f = 1;\n\n{} }} message Out {{}} service S {{ rpc Do(In) returns (Out); }}"
DOCUMENTED = "BEHAVIOR_SAME_DOCUMENTED_DEFAULT"
NEUTRAL = "BEHAVIOR_NEW_FIELD_ZERO_IS_NEUTRAL"


@pytest.mark.parametrize(
    ("field", "objected"),
    [
        pytest.param("// Unset means all items are deleted.\nint32 new = 2;", True, id="all are deleted"),
        pytest.param("// If false, the order is rejected.\nbool new = 2;", True, id="refused"),
        pytest.param("// When empty, the server overwrites\n// the old list.\nstring new = 2;", True, id="two lines"),
        pytest.param("// Zero means that calls fail, i.e. at once.\nint32 new = 2;", True, id="calls fail"),
        pytest.param("// By default, drafts are no longer kept.\nbool new = 2;", True, id="no longer"),
        pytest.param("// Set to true to keep the old order.\nbool new = 2;", True, id="true is today"),
        pytest.param("Size new = 2; enum Size { DELETE = 0; KEEP = 1; }", True, id="an enum that deletes"),
        pytest.param("Size new = 2; enum Size { ON_CONFLICT_OVERWRITE = 0; }", True, id="an enum that overwrites"),
        pytest.param("// Unset means all items are deleted.\noptional int32 new = 2;", False, id="with presence"),
        pytest.param("// Unset means all items are deleted.\nrepeated int32 new = 2;", False, id="a list"),
        pytest.param(
            "// If false, it is rejected.\nbool new = 2 [(google.api.field_behavior) = OUTPUT_ONLY];",
            False,
            id="output",
        ),
        pytest.param("// If unset, no items are deleted.\nbool new = 2;", False, id="none is deleted"),
        pytest.param("// If false, nothing gets removed.\nbool new = 2;", False, id="nothing is removed"),
        pytest.param("// If unset, orders are not rejected.\nbool new = 2;", False, id="not refused"),
        pytest.param("// If unset, old ones are deleted as before.\nint32 new = 2;", False, id="deleted as before"),
        pytest.param("// If true, deletes everything.\nbool new = 2;", False, id="true deletes"),
        pytest.param("bool new = 2;", False, id="a bool"),
        pytest.param("int32 new = 2;", False, id="a number"),
        pytest.param("// Zero means 50.\nint32 new = 2;", False, id="the number of today, as far as anybody knows"),
        pytest.param("// Zero means no limit.\nint32 new = 2;", False, id="a number whose zero means nothing"),
        pytest.param("// False means nothing changes.\nbool new = 2;", False, id="a bool whose false means nothing"),
        pytest.param("// Defaults to the shop's\n// currency.\nstring new = 2;", False, id="a default over two lines"),
        pytest.param("// Whether to wait.\nbool new = 2;", False, id="a bool that asks for more"),
        pytest.param("// Defaults to false, which keeps today's order.\nbool new = 2;", False, id="a default of false"),
        pytest.param(
            "// By default, hidden ones are left out.\nbool new = 2;", False, id="what is left out by default"
        ),
        pytest.param("// If unset, behaves as before.\nint32 new = 2;", False, id="as before"),
        pytest.param("Size new = 2; enum Size { SIZE_UNSPECIFIED = 0; }", False, id="an enum that says nothing"),
        pytest.param("Size new = 2; enum Size { SIZE_SMALL = 0; }", False, id="an enum that does nothing"),
        pytest.param("Size new = 2; enum Size { INVALID_SIZE = 0; }", False, id="an enum that begins with no value"),
        pytest.param("Size new = 2; enum Size { NO_DELETE = 0; }", False, id="an enum that spares"),
    ],
)
def test_the_zero_value_of_a_new_field_changes_nothing(found: Found, field: str, objected: bool) -> None:
    rules = found(SHOP.format(""), SHOP.format(field))

    assert rules == ({NEUTRAL} if objected else set())


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("Zero means 50.", "Zero means 100.", {DOCUMENTED}, id="another number"),
        pytest.param("Zero means 50.", "At most 200; zero means 50.", set(), id="another sentence before"),
        pytest.param("Zero means 50.", "Items in a page.", set(), id="a meaning that is not told any more"),
        pytest.param("Defaults to 50s.", "Defaults to ``50s``.", set(), id="markup"),
        pytest.param("Defaults to 50s.", "The default is 50 seconds", set(), id="a unit in other words"),
        pytest.param("Defaults to 1000.", "Default: 1,000", set(), id="a comma among digits"),
        pytest.param('Defaults to "wide".', "If unset, wide is used.", set(), id="quotes"),
        pytest.param("Defaults to 5 (i.e. some).", "Defaults to 5, e.g. for tests.", set(), id="abbreviations"),
        pytest.param("Defaults to 5.", "Defaults to 5. At most 9.", set(), id="another sentence behind"),
        pytest.param("Defaults to 60 seconds.", "Defaults to 1 minute.", set(), id="another unit"),
        pytest.param("Defaults to 1000ms.", "Defaults to 1s.", set(), id="a smaller unit"),
        pytest.param("Defaults to 1024 bytes.", "Defaults to 1 KiB.", set(), id="a unit of bytes"),
        pytest.param("Defaults to five.", "Defaults to 5.", set(), id="a number as a word"),
        pytest.param("Defaults to .5.", "Defaults to 0.5.", set(), id="no digit before the dot"),
        pytest.param("Defaults to 0x10.", "Defaults to 16.", set(), id="hexadecimal"),
        pytest.param("Defaults to 1e3.", "Defaults to 1000.", set(), id="an exponent"),
        pytest.param("Defaults to 0x10.", "Defaults to 0x20.", {DOCUMENTED}, id="other digits"),
        pytest.param("Defaults to 1e3.", "Defaults to 1e4.", {DOCUMENTED}, id="exponents"),
        pytest.param("Defaults to 600s.", "Defaults to ten minutes.", set(), id="a duration in words"),
        pytest.param("Defaults to 3600s.", "Defaults to an hour.", set(), id="one unit"),
        pytest.param("Defaults to 30 min.", "Defaults to half an hour.", set(), id="half a unit"),
        pytest.param("Defaults to 90m.", "Defaults to 1h30m.", set(), id="a duration in parts"),
        pytest.param("Defaults to 90s.", "Defaults to one minute and 30 seconds.", set(), id="parts in words"),
        pytest.param("Defaults to 24h.", "Defaults to twenty-four hours.", set(), id="tens and ones"),
        pytest.param("Defaults to 7 days.", "Defaults to a week.", set(), id="a week"),
        pytest.param("Defaults to 100.", "Defaults to one hundred.", set(), id="a hundred"),
        pytest.param("Defaults to 5m.", "Defaults to a 5-minute wait.", set(), id="a hyphen"),
        pytest.param("Defaults to 600s.", "Defaults to 600.000000001s.", {DOCUMENTED}, id="a nanosecond more"),
        pytest.param("Defaults to 10m.", "Defaults to eleven minutes.", {DOCUMENTED}, id="another word"),
        pytest.param("Defaults to 1h30m.", "Defaults to 1h31m.", {DOCUMENTED}, id="another part"),
        pytest.param("Defaults to 1e99999999999.", "Defaults to 1e9.", {DOCUMENTED}, id="an absurd number"),
        pytest.param("Defaults to 1 min.", "Defaults to 1 s.", {DOCUMENTED}, id="a unit"),
        pytest.param("Optional, default 5.", "Optional, default 6.", {DOCUMENTED}, id="a comma"),
        pytest.param("Defaults to a.", "The default is b.", {DOCUMENTED}, id="other words"),
        pytest.param("The default is zero.", "Defaults to 0.", set(), id="a number as a word"),
        pytest.param(
            "Defaults to 5.\n// +check:min=0", "Defaults to 5\n// +check:min=1", set(), id="a line for a tool"
        ),
        pytest.param(
            "+default=5\n// +check:min=0",
            "+default=6\n// +check:min=0",
            {DOCUMENTED},
            id="a default in a line for a tool",
        ),
        pytest.param("Defaults to wide\n//\n// Alpha.", "Defaults to wide\n//\n// Beta.", set(), id="a paragraph"),
        pytest.param("Defaults to wide.\n//\n// Alpha.", "Defaults to wide.", set(), id="a sentence and a paragraph"),
        pytest.param("Defaults to `W <a.v1.W>`.", "Defaults to `W <b.v1.W>`.", set(), id="the target of a link"),
        pytest.param("If unset, or zero, no limit is set.", "If unset, 5 are sent.", set(), id="half a sentence"),
        pytest.param(
            "Defaults to 5 and must be at most 9.", "Defaults to 5 and must be 8.", set(), id="a limit behind"
        ),
        pytest.param(
            "If unset, any local range will be matched.", "If unset, it matches every local range.", set(), id="prose"
        ),
    ],
)
def test_the_documented_default_stays(found: Found, before: str, after: str, expected: set[str]) -> None:
    field = "// {}\nint32 size = 2;"

    assert found(SHOP.format(field.format(before)), SHOP.format(field.format(after))) == expected


@pytest.mark.parametrize(
    "said",
    [
        "Default value is {}.",
        "Defaults to {}.",
        "default: {}",
        "Size (default {}).",
        "Size [default = {}]",
        "By default, {} of them are sent.",
        "Sends {} of them by default.",
        "If unset, {} is used.",
        "If it is not specified, {} are sent.",
        "If the value is omitted, the server takes {}.",
        "When left empty, uses {}.",
        "Unset is treated as {}.",
        "{} is used if unset.",
        "Has a default of {}.",
        "The default size is {}.",
        "The default for this field is {}.",
        "The size; zero means {}; at most 9.",
        "The size, defaulting to {}.",
        "One of: small, {} (default).",
        "If `size` is unset, {} is used.",
        "If not set explicitly, {}.",
        "Leave empty for {}.",
        "If no value is given, {} is used.",
        "In the absence of a value, {} is used.",
        "If missing: {}",
        "The server uses {} if this is left blank.",
    ],
)
@pytest.mark.parametrize(("before", "after"), [("5", "7"), ("0.5", "0.7"), ("5 s", "5 ms"), ("SIZE_A", "SIZE_B")])
def test_a_default_in_any_words_is_understood(said: str, before: str, after: str) -> None:
    first, second = (meanings(said.format(value)) for value in (before, after))

    assert len(first) == len(second) == 1
    assert first[0].values != second[0].values
    assert first[0].values == meanings(said.format(f"`{before}`"))[0].values


def test_presence_of_a_field_matters_as_long_as_it_holds_a_value_or_a_message(found: Found) -> None:
    source = (
        "message Other {{}} message In {{ {} size = 1; }} message Out {{}} service S {{ rpc Do(In) returns (Out); }}"
    )
    plain, optional, other = (source.format(each) for each in ("int32", "optional int32", "Other"))

    assert found(plain, optional) == {"BEHAVIOR_SAME_PRESENCE"}
    assert "BEHAVIOR_SAME_PRESENCE" not in found(plain, other) | found(other, plain)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("/shops/{shop}", set(), id="in the path"),
        pytest.param("/shops", {"BEHAVIOR_NO_BECOME_REQUIRED"}, id="in the query"),
        pytest.param(
            '/shops/{shop}" additional_bindings {get: "/shop"} response_body: "',
            {"BEHAVIOR_NO_BECOME_REQUIRED"},
            id="in one path of two",
        ),
    ],
)
def test_a_field_of_the_path_is_required_anyway(found: Found, path: str, expected: set[str]) -> None:
    source = """message In {{ string shop = 1 {}; }} message Out {{}}
    service S {{ rpc Do(In) returns (Out) {{ option (google.api.http) = {{get: "{}"}}; }} }}"""

    assert found(source.format("", path), source.format("[(google.api.field_behavior) = REQUIRED]", path)) == expected


def test_nobody_leaves_out_what_nobody_could_write(found: Found) -> None:
    source = """message In {{ Part part = 1 {}; }} message Part {{ string name = 1 {}; }}
    service S {{ rpc Do(In) returns (In); }}"""
    output, required = (f"[(google.api.field_behavior) = {each}]" for each in ("OUTPUT_ONLY", "REQUIRED"))

    assert "BEHAVIOR_NO_BECOME_REQUIRED" not in found(source.format(output, ""), source.format("", required))
    assert "BEHAVIOR_NO_BECOME_REQUIRED" in found(source.format("", ""), source.format("", required))


WORDS = st.lists(
    st.sampled_from(["default", "is", "to", "5", "if", "unset", "by", "means", ",", ".", "(", "i.e.", "`"])
)


@given(WORDS)
def test_any_prose_is_read_without_an_error(words: list[str]) -> None:
    assert all(meaning.values for meaning in meanings(" ".join(words)))


MESSAGE = """{} message Thing {{ {}

// {}
string name = 1 {}; }}
message Get {{}} message Put {{ Thing thing = 1; }}
service S {{ rpc Do({}) returns (Thing); }}"""
RESOURCE = 'option (google.api.resource) = {type: "shop.example/Thing" pattern: "things/{thing}"};'


def behaving(*names: str, comment: str = "A name.", request: str = "Put", resource: str = "") -> str:
    behaviours = ", ".join(f"(google.api.field_behavior) = {name}" for name in names)
    imports = 'import "google/api/resource.proto";'
    return MESSAGE.format(imports, resource, comment, f"[{behaviours}]" if behaviours else "", request)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(["OUTPUT_ONLY"], ["IDENTIFIER"], set(), id="never chosen by callers"),
        pytest.param(["OUTPUT_ONLY"], ["OUTPUT_ONLY", "IDENTIFIER"], set(), id="beside"),
        pytest.param(["IDENTIFIER"], ["OUTPUT_ONLY"], set(), id="still not chosen by callers"),
        pytest.param(["IMMUTABLE"], ["IDENTIFIER"], set(), id="what could not be changed"),
        pytest.param(["IDENTIFIER"], ["IDENTIFIER", "IMMUTABLE"], set(), id="an identifier is not changed"),
        pytest.param(["REQUIRED"], ["REQUIRED", "IDENTIFIER"], set(), id="what callers send anyway"),
        pytest.param(["IDENTIFIER"], ["REQUIRED", "IDENTIFIER"], set(), id="what finds the resource"),
        pytest.param(["REQUIRED"], ["OPTIONAL"], set(), id="what may be left out now"),
        pytest.param([], ["REQUIRED", "OUTPUT_ONLY"], {"SAME_OUTPUT_ONLY"}, id="required of answers"),
        pytest.param([], ["REQUIRED", "IDENTIFIER"], {"NO_BECOME_REQUIRED"}, id="one finding for both"),
        pytest.param([], ["OUTPUT_ONLY", "IDENTIFIER"], {"SAME_OUTPUT_ONLY"}, id="one finding for both of them"),
        pytest.param([], ["IDENTIFIER"], {"SAME_IDENTIFIER"}, id="what callers could choose"),
        pytest.param(["IDENTIFIER"], [], {"SAME_IDENTIFIER"}, id="what callers can choose"),
        pytest.param([], ["OUTPUT_ONLY"], {"SAME_OUTPUT_ONLY"}, id="what callers could set"),
        pytest.param(["OUTPUT_ONLY"], ["IMMUTABLE"], {"SAME_OUTPUT_ONLY"}, id="what callers set once"),
        pytest.param([], ["IMMUTABLE"], {"NO_BECOME_IMMUTABLE_WITHOUT_UPDATE"}, id="what callers set"),
        pytest.param(["OUTPUT_ONLY"], ["OUTPUT_ONLY", "IMMUTABLE"], set(), id="what callers never change"),
    ],
)
def test_behaviours_of_a_field_are_judged_together(
    found: Found, before: list[str], after: list[str], expected: set[str]
) -> None:
    assert found(behaving(*before), behaving(*after)) == {f"BEHAVIOR_{rule}" for rule in expected}


@pytest.mark.parametrize("behaviour", ["REQUIRED", "IMMUTABLE", "IDENTIFIER", "OUTPUT_ONLY", "NON_EMPTY_DEFAULT"])
def test_a_behaviour_of_answers_says_nothing_about_requests(found: Found, behaviour: str) -> None:
    assert found(behaving(request="Get"), behaving(behaviour, request="Get")) == set()


@pytest.mark.parametrize(
    ("behaviour", "comment"),
    [
        ("OUTPUT_ONLY", "Output only. A name."),
        ("OUTPUT_ONLY", "[Output Only] A name."),
        ("OUTPUT_ONLY", "A read-only name."),
        ("REQUIRED", "Required. A name."),
        ("IMMUTABLE", "Immutable. A name."),
        ("IDENTIFIER", "Identifier. A name."),
    ],
)
def test_an_annotation_may_state_what_the_comment_said(found: Found, behaviour: str, comment: str) -> None:
    assert found(behaving(comment=comment), behaving(behaviour, comment=comment)) == set()
    assert found(behaving(comment="A name."), behaving(behaviour, comment=comment)) != set()


@pytest.mark.parametrize(
    ("behaviour", "comment"),
    [
        ("OUTPUT_ONLY", "This field is not output only."),
        ("REQUIRED", "It is not required."),
        ("IMMUTABLE", "It is never immutable."),
    ],
)
def test_a_comment_that_denies_a_behaviour_does_not_state_it(found: Found, behaviour: str, comment: str) -> None:
    source = "message In {{ \n// {}\n string f = 1{}; }} message Out {{}} service S {{ rpc Do(In) returns (Out); }}"
    before, after = source.format(comment, ""), source.format(comment, f" [(google.api.field_behavior) = {behaviour}]")

    assert len(found(before, after)) == 1


@pytest.mark.parametrize(
    ("behaviour", "objected"), [("OUTPUT_ONLY", False), ("OPTIONAL", True)], ids=["not written", "written"]
)
def test_what_is_in_a_request_only_as_output_is_not_written(found: Found, behaviour: str, objected: bool) -> None:
    source = """message In {{ Part part = 1 [(google.api.field_behavior) = {}]; }} message Out {{}}
    message Part {{ string f = 1{}; }} service S {{ rpc Do(In) returns (Out); }}"""
    before, after = (
        source.format(behaviour, required) for required in ("", " [(google.api.field_behavior) = REQUIRED]")
    )

    assert found(before, after) == ({"BEHAVIOR_NO_BECOME_REQUIRED"} if objected else set())


def test_the_name_of_a_resource_is_its_identifier_anyway(found: Found) -> None:
    assert found(behaving(resource=RESOURCE), behaving("IDENTIFIER", resource=RESOURCE)) == set()


def test_a_behaviour_matters_on_its_own_side_only(found: Found) -> None:
    before, after = "string g = 2;", "string g = 2 [(google.api.field_behavior) = INPUT_ONLY];"

    assert found(SHOP.format(before), SHOP.format(after)) == set()


def test_a_field_that_stops_being_output_only_takes_effect(found: Found) -> None:
    before, after = "string g = 2 [(google.api.field_behavior) = OUTPUT_ONLY];", "string g = 2;"

    assert found(SHOP.format(before), SHOP.format(after)) == {"BEHAVIOR_SAME_OUTPUT_ONLY"}
