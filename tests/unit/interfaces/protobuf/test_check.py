"""What a change did, as findings."""

import pytest

from servanda.interfaces.protobuf.compiler import bundled_folders
from servanda.verdict import Severity, Span
from tests.unit.interfaces.conftest import ORDER, WITHOUT_QUANTITY, Desk

BEFORE = {"old/shop/v1/shop.proto": ORDER}


def test_a_state_compared_with_itself_has_no_findings(desk: Desk) -> None:
    desk.write({"proto/shop/v1/shop.proto": ORDER})

    assert desk.check("proto", "proto") == ()


def test_a_finding_says_what_where_and_under_which_rule(desk: Desk) -> None:
    desk.write({**BEFORE, "new/shop/v1/shop.proto": ORDER.replace("quantity", "amount")})

    found = {finding.rule: finding for finding in desk.check("new", "old")}

    renamed = found["FIELD_SAME_NAME"]
    assert (renamed.category, renamed.severity) == ("FILE", Severity.ERROR)
    assert renamed.span == Span("new/shop/v1/shop.proto", 5, 9, 5, 15)
    assert renamed.element == "shop.v1.Order.quantity"
    assert renamed.message == "Field 2 changed its name from 'quantity' to 'amount'."


def test_a_file_that_is_gone_is_found_at_the_file_that_it_was(desk: Desk) -> None:
    desk.write({**BEFORE, "old/shop/v1/other.proto": 'syntax = "proto3";', "new/shop/v1/shop.proto": ORDER})

    (found,) = desk.check("new", "old")

    assert (found.rule, found.span) == ("FILE_NO_DELETE", Span("old/shop/v1/other.proto", 1, 1, 1, 1))


def test_a_file_as_a_whole_is_found_at_its_first_character(desk: Desk) -> None:
    desk.write({**BEFORE, "new/shop/v1/shop.proto": 'syntax = "proto3";\npackage shop.v1;\n'})

    (found,) = desk.check("new", "old")

    assert (found.rule, found.span) == ("MESSAGE_NO_DELETE", Span("new/shop/v1/shop.proto", 1, 1, 1, 1))


def test_a_fingerprint_survives_unrelated_edits(desk: Desk) -> None:
    desk.write({**BEFORE, "new/shop/v1/shop.proto": WITHOUT_QUANTITY})
    (before,) = desk.check("new", "old")
    desk.write({"new/shop/v1/shop.proto": "// A shop.\n" + WITHOUT_QUANTITY + "message Line {}\n"})

    (after,) = desk.check("new", "old")

    assert after.span != before.span
    assert after.fingerprint == before.fingerprint


def test_different_breaks_have_different_fingerprints(desk: Desk) -> None:
    desk.write({**BEFORE, "new/shop/v1/shop.proto": ORDER.replace("int32 quantity", "string amount")})

    found = desk.check("new", "old")

    assert len({finding.fingerprint for finding in found}) == len(found) > 1


def test_a_break_against_several_bases_is_told_once(desk: Desk) -> None:
    desk.write({**BEFORE, "new/shop/v1/shop.proto": WITHOUT_QUANTITY})
    desk.write({"older/shop/v1/shop.proto": ORDER.replace("quantity = 2", "quantity = 2; bool gift = 3")})

    found = desk.check("new", "older", "old")

    assert [finding.element for finding in found] == ["shop.v1.Order.gift", "shop.v1.Order.quantity"]


def test_an_enum_that_changed_elsewhere_changes_the_default_of_a_field(desk: Desk) -> None:
    user = 'syntax = "proto2";\npackage a;\nimport "state.proto";\nmessage Order { optional State state = 1; }\n'
    state = 'syntax = "proto2";\npackage a;\nenum State { OPEN = 0; CLOSED = 1; }\n'
    desk.write({"old/order.proto": user, "old/state.proto": state})
    desk.write(
        {"new/order.proto": user, "new/state.proto": state.replace("OPEN = 0; CLOSED = 1", "CLOSED = 1; OPEN = 0")}
    )
    desk.write({"new/buf.yaml": "version: v2\n"})

    (found,) = desk.check("new", "old")

    assert (found.rule, found.span) == ("FIELD_SAME_DEFAULT", Span("new/order.proto", 4, 17, 4, 42))


@pytest.mark.parametrize(
    ("edited", "expected"),
    [
        pytest.param(ORDER.replace("quantity = 2;", "quantity = 2;\n  bool gift = 3;"), set(), id="field added"),
        pytest.param(ORDER + "message Line {}\n", set(), id="message added"),
        pytest.param("// A comment.\n" + ORDER, set(), id="comment added"),
        pytest.param(ORDER.replace("int32 quantity", "int64 quantity"), {"FIELD_SAME_TYPE"}, id="field retyped"),
    ],
)
def test_only_breaks_are_found(desk: Desk, edited: str, expected: set[str]) -> None:
    desk.write({**BEFORE, "new/shop/v1/shop.proto": edited})

    assert {finding.rule for finding in desk.check("new", "old")} == expected


TIMESTAMP = "google/protobuf/timestamp.proto"
USER = """syntax = "proto3";
package shop.v1;
import "google/protobuf/timestamp.proto";
message Order { google.protobuf.Timestamp at = 1; }
"""


@pytest.mark.parametrize(("vendored", "before", "after"), [("old", "secs", "seconds"), ("new", "seconds", "secs")])
def test_a_well_known_type_that_one_state_holds_itself_is_compared_with_the_installed_one(
    desk: Desk, vendored: str, before: str, after: str
) -> None:
    installed = (bundled_folders()[0] / TIMESTAMP).read_text()
    desk.write({f"{side}/order.proto": USER for side in ("old", "new")})
    desk.write({f"{vendored}/{TIMESTAMP}": installed})
    assert desk.check("new", "old") == ()

    desk.write({f"{vendored}/{TIMESTAMP}": installed.replace("int64 seconds", "int64 secs")})
    found = {each.rule: each.message for each in desk.check("new", "old")}

    assert found["FIELD_SAME_NAME"] == f"Field 1 changed its name from '{before}' to '{after}'."
    assert found.keys() == {"FIELD_SAME_NAME", "FIELD_SAME_JSON_NAME"}


def test_a_vendored_type_that_nothing_imports_any_more_is_deleted(desk: Desk) -> None:
    desk.write({f"{side}/order.proto": ORDER for side in ("old", "new")})
    desk.write({f"old/{TIMESTAMP}": (bundled_folders()[0] / TIMESTAMP).read_text()})

    assert [each.rule for each in desk.check("new", "old")] == ["FILE_NO_DELETE"]


@pytest.mark.parametrize(
    "after",
    [
        pytest.param({}, id="a deleted file"),
        pytest.param({"new/shop/v1/shop.proto": ORDER.replace("package shop.v1", "package shop.v2")}, id="a package"),
        pytest.param({"new/shop/v1/shop.proto": WITHOUT_QUANTITY}, id="a field"),
    ],
)
def test_a_finding_knows_the_package_that_its_file_had(desk: Desk, after: dict[str, str]) -> None:
    desk.write({**BEFORE, "old/other.proto": 'syntax = "proto3";', "new/other.proto": 'syntax = "proto3";', **after})

    assert {found.package for found in desk.check("new", "old")} == {"shop.v1"}
