"""What a contract proves of the use of an interface."""

from collections.abc import Callable
from typing import Any

import pytest

from servanda import pact
from servanda.errors import ContractError
from servanda.interfaces.effect import Access
from servanda.interfaces.protobuf.schema import State
from servanda.interfaces.protobuf.usage import pacts
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.protobuf.usage.pacts import KnownState
from servanda.interfaces.usage.provenance import Provenance
from servanda.verdict import Evidence, Transport

ORDER = {"order_id": "o-1", "note": "ring twice"}


def elements(contracts: Any, access: Access) -> set[str]:
    return {
        use.element.removeprefix("shop.v1.")
        for use in contracts.usage.uses
        if use.access is access and use.element.startswith("shop.v1.")
    }


def test_fields_of_a_grpc_response_are_read(contracts: Any) -> None:
    contracts.grpc("app", "GetOrder", {"order_id": "o-1"}, {"order": ORDER})

    assert elements(contracts, Access.READ) == {
        "GetOrderResponse",
        "GetOrderResponse.order",
        "Order",
        "Order.order_id",
        "Order.note",
    }


def test_fields_of_a_grpc_request_are_written(contracts: Any) -> None:
    contracts.grpc("app", "GetOrder", {"order_id": "o-1"}, {"order": ORDER})

    assert elements(contracts, Access.WRITE) == {"GetOrderRequest", "GetOrderRequest.order_id"}


def test_the_rpc_and_its_service_are_called(contracts: Any) -> None:
    contracts.grpc("app", "GetOrder", {"order_id": "o-1"}, {"order": ORDER})

    assert elements(contracts, Access.CALL) == {"Shop", "Shop.GetOrder"}


def test_an_expected_default_is_read_although_the_example_has_no_bytes_for_it(contracts: Any) -> None:
    contracts.grpc("app", "GetOrder", {"order_id": "o-1"}, {"order": {"gift": False}})

    assert "Order.gift" in elements(contracts, Access.READ)


def test_an_example_is_enough_where_a_tool_keeps_no_expectations(contracts: Any) -> None:
    contracts.grpc("app", "GetOrder", {"order_id": "o-1"}, {"order": ORDER}, written=False)

    assert "Order.note" in elements(contracts, Access.READ)


def test_fields_of_an_event_are_read(contracts: Any) -> None:
    contracts.event("billing", "OrderPlaced", {"order": ORDER})

    assert elements(contracts, Access.READ) >= {"OrderPlaced", "OrderPlaced.order", "Order.note"}


def test_json_names_are_mapped_back_to_fields(contracts: Any) -> None:
    contracts.http("web", "GET", "/v1/orders/o-1", answer={"order": {"address": {"streetName": "Mill Lane"}}})

    assert elements(contracts, Access.READ) >= {"Order.address", "Address.street_name"}


def test_a_path_writes_the_fields_that_it_holds(contracts: Any) -> None:
    contracts.http("web", "GET", "/v1/orders/o-1", answer={})

    assert elements(contracts, Access.WRITE) == {"GetOrderRequest", "GetOrderRequest.order_id"}


def test_a_path_may_hold_a_field_of_a_field(contracts: Any) -> None:
    contracts.http("web", "PATCH", "/v1/orders/o-1", body={"note": "x"})

    assert elements(contracts, Access.WRITE) >= {"UpdateOrderRequest.order", "Order.order_id", "Order.note"}


def test_query_parameters_write_fields_at_any_depth(contracts: Any) -> None:
    contracts.http("web", "GET", "/v1/orders", query={"pageSize": ["2"], "filter.buyerName": ["Ada"]}, answer={})

    assert elements(contracts, Access.WRITE) >= {"ListOrdersRequest.page_size", "Filter.buyer_name"}


def test_an_answer_that_is_an_error_reads_no_field_of_the_response(contracts: Any) -> None:
    contracts.http("web", "GET", "/v1/orders/o-1", answer={"error": {"code": 404}}, status=404)

    assert elements(contracts, Access.READ) == set()


def test_values_of_an_enum_are_used_with_their_enum(contracts: Any) -> None:
    contracts.http("web", "GET", "/v1/orders/o-1", answer={"order": {"status": "STATUS_PAID"}})

    assert elements(contracts, Access.READ) >= {"Status", "Status.STATUS_PAID"}


def test_a_member_of_a_oneof_uses_the_oneof(contracts: Any) -> None:
    contracts.grpc("app", "GetOrder", {}, {"order": {"voucher": "V"}})

    assert elements(contracts, Access.READ) >= {"Order.voucher", "Order.payment"}


def test_values_of_a_map_are_looked_into(contracts: Any) -> None:
    contracts.http("web", "GET", "/v1/orders/o-1", answer={"order": {"parcels": {"first": {"city": "Bath"}}}})

    assert elements(contracts, Access.READ) >= {"Order.parcels", "Address.city"}


def test_a_mask_beside_a_resource_names_what_is_written(contracts: Any) -> None:
    contracts.grpc("app", "UpdateOrder", {"order": {"order_id": "o"}, "update_mask": "address.city"}, {})

    named = {use.element for use in contracts.usage.uses if use.named}
    assert named == {"shop.v1.Order.address", "shop.v1.Address.city"}


def test_a_mask_in_json_names_fields_as_json_does(contracts: Any) -> None:
    contracts.http("web", "PATCH", "/v1/orders/o-1", query={"updateMask": ["address.streetName"]}, body={})

    assert "Address.street_name" in elements(contracts, Access.WRITE)


def test_a_mask_of_what_to_read_names_fields_of_the_response(contracts: Any) -> None:
    contracts.grpc("app", "GetOrder", {"order_id": "o", "read_mask": "note"}, {})

    assert "Order.note" in elements(contracts, Access.READ)


def test_only_names_travel_over_http_and_only_numbers_over_grpc(contracts: Any) -> None:
    contracts.grpc("app", "GetOrder", {}, {"order": ORDER})
    contracts.http("web", "GET", "/v1/orders/o-1", answer={"order": {"note": "x"}})

    named = {use.consumer: use.named for use in contracts.usage.of(["shop.v1.Order.note"])}
    assert named == {"app": False, "web": True}


def test_the_proof_says_where_it_is_from(contracts: Any) -> None:
    contracts.http("web", "GET", "/v1/orders/o-1", answer={"order": {"note": "x"}})

    [use] = contracts.usage.of(["shop.v1.Order.note"])
    document = str(contracts.folder / "web-shop.json")
    assert use.evidence == Evidence("pact", document, "GET /v1/orders/o-1", "test_web.py::test", "v7", "2026-10-31")
    assert use.transport == Transport.HTTP


def test_a_request_that_no_route_takes_uses_its_operation_only(contracts: Any) -> None:
    contracts.http("web", "GET", "/healthz", answer={"status": "up"})

    assert [use.element for use in contracts.usage.uses] == ["GET /healthz"]


def test_a_contract_about_another_interface_is_no_mistake(contracts: Any) -> None:
    contracts.grpc("app", "GetOrder", {"order_id": "o-1"}, {"order": ORDER})
    contract = pact.load(contracts.folder / "app-shop.json")

    found = {use.element for use in pacts.uses(contract, [KnownState(Catalogue(State(())))], Provenance())}

    assert found == set()


@pytest.mark.parametrize(
    ("interaction", "name"),
    [
        pytest.param(
            lambda contracts: contracts.http("web", "GET", "/v1/orders/o", answer={"order": {"colour": "red"}}),
            "shop.v1.Order.colour",
            id="field of an answer",
        ),
        pytest.param(
            lambda contracts: contracts.http("web", "GET", "/v1/orders", query={"offset": ["1"]}),
            "shop.v1.ListOrdersRequest.offset",
            id="query parameter",
        ),
        pytest.param(
            lambda contracts: contracts.http("web", "PATCH", "/v1/orders/o", body={"colour": 1}),
            "shop.v1.Order.colour",
            id="field of a request",
        ),
    ],
)
def test_a_contract_that_names_what_does_not_exist_is_refused(
    contracts: Any, interaction: Callable[[Any], None], name: str
) -> None:
    with pytest.raises(ContractError, match=name) as refused:
        interaction(contracts)

    assert refused.value.where is not None
    assert refused.value.where.startswith(f"{contracts.folder / 'web-shop.json'}:")
