"""Who is surprised by a field that behaves otherwise, and what a new field may mean by its absence."""

import pytest

from tests.unit.interfaces.protobuf.rules.conftest import Found

SHOP = "message In {{ string f = 1;\n\n{} }} message Out {{}} service S {{ rpc Do(In) returns (Out); }}"
NEUTRAL = "BEHAVIOR_NEW_FIELD_ZERO_IS_NEUTRAL"


@pytest.mark.parametrize(
    ("field", "objected"),
    [
        pytest.param("bool new = 2;", True, id="a bool"),
        pytest.param("optional bool new = 2;", False, id="a bool with presence"),
        pytest.param("repeated bool new = 2;", False, id="a list of bools"),
        pytest.param("int32 new = 2;", False, id="a number"),
        pytest.param("// Zero means 50.\nint32 new = 2;", True, id="a number whose zero means something"),
        pytest.param("// Zero means no limit.\nint32 new = 2;", False, id="a number whose zero means nothing"),
        pytest.param("// False means nothing changes.\nbool new = 2;", False, id="a bool whose false means nothing"),
        pytest.param("// Defaults to the shop's\n// currency.\nstring new = 2;", True, id="a default over two lines"),
        pytest.param("Size new = 2; enum Size { SIZE_UNSPECIFIED = 0; }", False, id="an enum that says nothing"),
        pytest.param("Size new = 2; enum Size { SIZE_SMALL = 0; }", True, id="an enum that says something"),
        pytest.param("bool new = 2 [(google.api.field_behavior) = OUTPUT_ONLY];", False, id="a bool nobody sends"),
    ],
)
def test_the_zero_value_of_a_new_field_means_nothing(found: Found, field: str, objected: bool) -> None:
    rules = found(SHOP.format(""), SHOP.format(field))

    assert rules == ({NEUTRAL} if objected else set())


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("Zero means 50.", "Zero means 100.", {"BEHAVIOR_SAME_DOCUMENTED_DEFAULT"}, id="another number"),
        pytest.param("Zero means 50.", "At most 200; zero means 50.", set(), id="another sentence before"),
        pytest.param("Zero means 50.", "Items in a page.", set(), id="a meaning that is not told any more"),
        pytest.param("Defaults to a.", "The default is b.", {"BEHAVIOR_SAME_DOCUMENTED_DEFAULT"}, id="other words"),
    ],
)
def test_the_documented_default_stays(found: Found, before: str, after: str, expected: set[str]) -> None:
    field = "// {}\nint32 size = 2;"

    assert found(SHOP.format(field.format(before)), SHOP.format(field.format(after))) == expected


def test_a_behaviour_matters_on_its_own_side_only(found: Found) -> None:
    before, after = "string g = 2;", "string g = 2 [(google.api.field_behavior) = INPUT_ONLY];"

    assert found(SHOP.format(before), SHOP.format(after)) == set()


def test_a_field_that_stops_being_output_only_takes_effect(found: Found) -> None:
    before, after = "string g = 2 [(google.api.field_behavior) = OUTPUT_ONLY];", "string g = 2;"

    assert found(SHOP.format(before), SHOP.format(after)) == {"BEHAVIOR_SAME_OUTPUT_ONLY"}
