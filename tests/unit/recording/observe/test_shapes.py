"""Members of messages without their values."""

from collections.abc import Mapping
from typing import Any

import pytest

from servanda.pact.descriptors import Descriptors
from servanda.recording.observe import shapes
from servanda.recording.observe.shapes import TooManyMembersError

NONE: Mapping[str, Mapping[str, str]] = {}


def order(descriptors: Descriptors, parcels: Mapping[str, Mapping[str, str]] = NONE, **fields: Any) -> Any:
    message: Any = descriptors.message("shop.v1.Order")(**fields)
    # Not every version of the library takes dictionaries for the messages of a map.
    for name, parcel in parcels.items():
        for field, value in parcel.items():
            setattr(message.parcels[name], field, value)
    return message


def test_a_message_has_the_fields_that_it_sets(descriptors: Descriptors) -> None:
    assert shapes.of_message(order(descriptors, order_id="o-1", note="")) == {"order_id": None, "note": None}


def test_items_are_put_together(descriptors: Descriptors) -> None:
    found = order(descriptors, stops=[{"city": "Ulm"}, {"street": "B"}])

    assert shapes.of_message(found) == {"stops": [{"city": None, "street": None}]}


def test_keys_of_a_map_are_no_members(descriptors: Descriptors) -> None:
    found = order(descriptors, parcels={"secret": {"city": "Ulm"}})

    assert shapes.of_message(found) == {"parcels": {"*": {"city": None}}}


def test_types_of_the_library_are_values(descriptors: Descriptors) -> None:
    assert shapes.of_message(order(descriptors, mask={"paths": ["note"]})) == {"mask": None}


def test_json_of_a_message_has_what_the_message_knows(descriptors: Descriptors) -> None:
    message = descriptors.message("shop.v1.Order").DESCRIPTOR
    value = {"orderId": "o", "stops": [{"city": "Ulm"}], "parcels": {"secret": {"street": "A"}}, "extra": 1}

    assert shapes.of_json(value, message) == {
        "orderId": None,
        "stops": [{"city": None}],
        "parcels": {"*": {"street": None}},
    }


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (None, {"a": None}, {"a": None}),
        ({"a": None}, {"b": [None]}, {"a": None, "b": [None]}),
        ({"a": {"b": None}}, {"a": {"c": None}}, {"a": {"b": None, "c": None}}),
        ([{"a": None}], [{"b": None}], [{"a": None, "b": None}]),
        ([], [None], [None]),
    ],
)
def test_two_shapes_have_the_members_of_both(one: Any, other: Any, both: Any) -> None:
    assert shapes.merged(one, other) == both
    assert shapes.key(shapes.merged(other, one)) == shapes.key(both)


def test_more_members_than_are_noted_are_refused() -> None:
    within: Any = {str(number): None for number in range(shapes.MOST_MEMBERS)}

    assert shapes.bounded(within) == within
    with pytest.raises(TooManyMembersError):
        shapes.bounded({"inner": within})


def test_longer_names_than_are_noted_are_refused() -> None:
    with pytest.raises(TooManyMembersError):
        shapes.bounded({"x" * (shapes.MOST_CHARACTERS + 1): None})


def test_items_that_are_told_apart_show_what_each_leaves_out(descriptors: Descriptors) -> None:
    stops, parcels = [{"city": "A"}, {"street": "B"}, {"city": "C"}], {"x": {"city": "A"}, "y": {"street": "B"}}
    found = shapes.of_message(order(descriptors, stops=stops, parcels=parcels), apart=True)
    message = descriptors.message("shop.v1.Order").DESCRIPTOR

    assert isinstance(found, dict)
    assert found["stops"] == [{"city": None}, {"street": None}]
    assert sorted(map(str, found["parcels"].values())) == ["{'city': None}", "{'street': None}"]
    assert shapes.of_json({"stops": stops}, message, apart=True) == {"stops": found["stops"]}


def test_too_many_different_items_are_refused() -> None:
    items = [{str(number): None} for number in range(shapes.MOST_ITEMS + 1)]

    assert shapes.of_json(items[:-1], apart=True) == items[:-1]
    with pytest.raises(TooManyMembersError):
        shapes.of_json(items, apart=True)
