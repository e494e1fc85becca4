"""A proof of use that breaks for certain is told as broken, and nobody else is told anything."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servanda.configuration import load
from servanda.impact.consumers import consumers
from servanda.interfaces.usage.use import Usage

Told = Callable[..., dict[str, str]]
BROKEN, POTENTIALLY = "broken", "potentially-affected"
ORDER = "/v1/orders/o-1"


def behaving(shop: str, behaviour: str) -> str:
    imported = shop.replace(
        'import "google/api/annotations.proto";',
        'import "google/api/annotations.proto"; import "google/api/field_behavior.proto";',
    )
    return imported.replace("string note = 2;", f"string note = 2 [(google.api.field_behavior) = {behaviour}];")


def test_what_becomes_input_only_is_read_by_nobody_any_more(contracts: Any, shop: str, told: Told) -> None:
    contracts.http("reads", "GET", ORDER, answer={"order": {"note": "ring"}})
    contracts.http("writes", "PATCH", ORDER, body={"note": "ring"})

    assert told(shop, behaving(shop, "INPUT_ONLY"), "BEHAVIOR_NO_BECOME_INPUT_ONLY") == {
        "reads": BROKEN,
        "writes": "unknown",
    }


def test_what_becomes_output_only_is_written_in_vain(contracts: Any, shop: str, told: Told) -> None:
    contracts.http("writes", "PATCH", ORDER, body={"note": "ring"})

    assert told(shop, behaving(shop, "OUTPUT_ONLY"), "BEHAVIOR_SAME_OUTPUT_ONLY") == {"writes": BROKEN}


def test_what_is_not_output_only_any_more_may_surprise_who_sends_it_back(contracts: Any, shop: str, told: Told) -> None:
    contracts.http("writes", "PATCH", ORDER, body={"note": "ring"})

    assert told(behaving(shop, "OUTPUT_ONLY"), shop, "BEHAVIOR_SAME_OUTPUT_ONLY") == {"writes": POTENTIALLY}


def test_an_additional_binding_that_is_deleted_breaks_who_uses_it(contracts: Any, shop: str, told: Told) -> None:
    main = '{ get: "/v1/orders/{order_id}" }'
    was = shop.replace(main, '{ get: "/v1/orders/{order_id}" additional_bindings { get: "/v1/old/{order_id}" } }')
    contracts.of(was)
    contracts.http("old", "GET", "/v1/old/o-1", answer={})
    contracts.http("new", "GET", ORDER, answer={})

    assert told(was, shop, "HTTP_ADDITIONAL_BINDING_NO_DELETE") == {"old": BROKEN, "new": POTENTIALLY}


def test_a_new_member_of_a_oneof_concerns_those_who_read_the_oneof(contracts: Any, shop: str, told: Told) -> None:
    contracts.grpc("card", "GetOrder", {}, {"order": {"card": "1"}})
    contracts.grpc("note", "GetOrder", {}, {"order": {"note": "ring"}})

    now = shop.replace("string voucher = 7;", "string voucher = 7;\n    string points = 17;")

    assert told(shop, now, "DIRECTION_ONEOF_MEMBER_NO_ADD_IF_READ") == {"card": POTENTIALLY, "note": "unknown"}


@pytest.mark.parametrize(
    ("party", "providers", "known"),
    [
        pytest.param("", (), True, id="nothing is known of it"),
        pytest.param('openapi = "rooms.yaml"', (), False, id="a document of its own"),
        pytest.param("", ("rooms",), False, id="a contract with it"),
    ],
)
def test_who_only_provides_is_no_consumer(tmp_path: Path, party: str, providers: tuple[str, ...], known: bool) -> None:
    (tmp_path / "servanda.toml").write_text(f"[pacticipants.rooms]\n{party}\n", encoding="utf-8")
    configuration = load(tmp_path / "servanda.toml")

    names = {consumer.name for consumer in consumers(configuration, Usage(), providers)}

    assert ("rooms" in names) == known


def test_a_mask_names_fields_of_the_definition(contracts: Any, shop: str, told: Told) -> None:
    contracts.grpc("grpc", "GetOrder", {"read_mask": "order.note"}, {})
    contracts.http("http", "GET", ORDER, query={"readMask": ["order.note"]})

    another_json_name = shop.replace("string note = 2;", 'string note = 2 [json_name = "text"];')
    renamed = shop.replace("string note = 2;", 'string text = 2 [json_name = "note"];')

    assert told(shop, another_json_name, "FIELD_SAME_JSON_NAME")["grpc"] == "unknown"
    assert told(shop, renamed, "FIELD_SAME_NAME") == {"grpc": BROKEN, "http": BROKEN}


def test_an_empty_list_is_left_out_whoever_names_it(contracts: Any, shop: str, told: Told) -> None:
    contracts.http("empty", "PATCH", ORDER, body={"parcels": {}})
    contracts.http("full", "PATCH", ORDER, body={"parcels": {"a": {"city": "Bonn"}}})

    now = behaving(shop, "OPTIONAL").replace(
        "map<string, Address> parcels = 5;",
        "map<string, Address> parcels = 5 [(google.api.field_behavior) = REQUIRED];",
    )

    assert told(shop, now, "BEHAVIOR_NO_BECOME_REQUIRED") == {"empty": BROKEN, "full": POTENTIALLY}


def test_one_message_is_a_list_of_one_in_bytes(contracts: Any, shop: str, told: Told) -> None:
    contracts.grpc("writes", "UpdateOrder", {"order": {"address": {"city": "Bonn"}}}, {})
    contracts.grpc("reads", "GetOrder", {}, {"order": {"address": {"city": "Bonn"}}})

    now = shop.replace("Address address = 4;", "repeated Address address = 4;")

    assert told(shop, now, "FIELD_SAME_CARDINALITY") == {"writes": "potentially-affected, source only", "reads": BROKEN}
