"""One change is one story, whatever it takes along."""

from collections.abc import Callable

import pytest

from servanda.interfaces.protobuf.check import check
from servanda.verdict import Finding
from tests.unit.interfaces.conftest import Desk

SHOP = """syntax = "proto3";
package shop.v1;
service Shop {
  rpc Get(GetRequest) returns (Order);
  rpc Put(PutRequest) returns (PutResponse);
  rpc List(ListRequest) returns (Order);
}
message GetRequest { string id = 1; }
message ListRequest { string id = 1; }
message Order {
  string id = 1;
  string note = 2;
  map<string, Item> items = 3;
}
message Item { string name = 1; }
message PutRequest { Size size = 1; }
message PutResponse {}
enum Size { SIZE_UNSPECIFIED = 0; }
"""


Told = Callable[..., dict[str, set[tuple[str, str]]]]


def examined(desk: Desk) -> tuple[Finding, ...]:
    """Everything that the rules object to, those beyond buf's included."""
    return tuple(each.finding for each in check(desk.open("new"), [desk.open("old", beside="new")]))


@pytest.fixture
def told(desk: Desk) -> Told:
    """The rules and elements that a change is told under, by the element that they are a part of."""

    def examine(*edits: tuple[str, str]) -> dict[str, set[tuple[str, str]]]:
        now = SHOP
        for before, after in edits:
            assert before in now
            now = now.replace(before, after)
        desk.write({"old/shop.proto": SHOP, "new/shop.proto": now})
        stories: dict[str, set[tuple[str, str]]] = {}
        for each in examined(desk):
            stories.setdefault(each.part_of or each.element, set()).add(
                (each.rule, each.element.removeprefix("shop.v1."))
            )
        return stories

    return examine


def elements(story: set[tuple[str, str]]) -> set[str]:
    return {element for _, element in story}


def test_what_only_a_deleted_rpc_used_is_a_part_of_its_deletion(told: Told) -> None:
    stories = told(
        ("  rpc Put(PutRequest) returns (PutResponse);\n", ""),
        ("message PutRequest { Size size = 1; }\nmessage PutResponse {}\nenum Size { SIZE_UNSPECIFIED = 0; }\n", ""),
    )

    assert {name: elements(story) for name, story in stories.items()} == {
        "shop.v1.Shop.Put": {"Shop.Put", "PutRequest", "PutResponse", "Size"}
    }


def test_a_message_that_others_used_as_well_stands_for_itself(told: Told) -> None:
    stories = told(
        ("  rpc Get(GetRequest) returns (Order);\n", ""),
        ("rpc List(ListRequest) returns (Order);", "rpc List(ListRequest) returns (Item);"),
        ("message Order {\n  string id = 1;\n  string note = 2;\n  map<string, Item> items = 3;\n}\n", ""),
    )

    assert {"shop.v1.Order", "shop.v1.Shop.Get"} <= stories.keys()


def test_a_renamed_field_is_told_under_the_name_that_it_had(told: Told) -> None:
    stories = told(("string note = 2;", "bytes remark = 2;"))

    assert {name: elements(story) for name, story in stories.items()} == {
        "shop.v1.Order.note": {"Order.note", "Order.remark"}
    }


def test_two_fields_that_swap_their_names_are_two_stories(told: Told) -> None:
    stories = told(("string id = 1;\n  string note = 2;", "string note = 1;\n  string id = 2;"))

    assert stories.keys() == {"shop.v1.Order.id", "shop.v1.Order.note"}


def test_the_message_that_protoc_makes_of_a_map_is_a_part_of_its_field(told: Told) -> None:
    stories = told(("items = 3", "things = 3"))

    assert {name: elements(story) for name, story in stories.items()} == {
        "shop.v1.Order.items": {"Order.items", "Order.things", "Order.ItemsEntry"}
    }


def test_a_package_that_is_renamed_is_one_finding_with_its_extent(desk: Desk) -> None:
    desk.write({"old/shop.proto": SHOP, "new/shop.proto": SHOP.replace("package shop.v1;", "package store.v1;")})

    [found] = examined(desk)

    assert (found.rule, found.part_of) == ("FILE_SAME_PACKAGE", "package shop.v1")
    assert found.message.endswith("to 'store.v1' (and with it 1 service, 6 messages, 1 enum).")


def test_a_deletion_that_was_not_announced_has_no_order_of_its_own(desk: Desk) -> None:
    desk.write({"old/shop.proto": SHOP, "new/shop.proto": SHOP.replace("  string note = 2;\n", "  reserved 2;\n")})

    [announced] = [each for each in examined(desk) if each.category == "DEPRECATION"]

    assert announced.transition is None


@pytest.mark.parametrize(
    ("before", "after", "order"),
    [
        pytest.param("rpc Get(GetRequest)", "rpc Read(GetRequest)", "none", id="an rpc that is renamed"),
        pytest.param("service Shop {", "service Store {", "none", id="a service that is renamed"),
        pytest.param("  rpc Put(PutRequest) returns (PutResponse);\n", "", "consumers-first", id="an rpc that is gone"),
    ],
)
def test_a_call_under_another_name_needs_both_names_for_a_while(
    desk: Desk, before: str, after: str, order: str
) -> None:
    desk.write({"old/shop.proto": SHOP, "new/shop.proto": SHOP.replace(before, after)})

    orders = {str(each.transition.deploy_order) for each in examined(desk) if each.transition is not None}

    assert orders == {order}
