"""Examples of requests, tried on constraints that accept less than before."""

from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf import descriptor_pb2

from codegen.image import image_of
from servanda.impact.assessment import assess
from servanda.interfaces.protobuf.comparison import compare
from servanda.interfaces.protobuf.rules.table import RULES
from servanda.interfaces.protobuf.schema import State
from servanda.interfaces.protobuf.usage.change import ProtobufChange
from servanda.interfaces.protobuf.usage.evolution import Evolution
from servanda.interfaces.rule import Found
from servanda.verdict import Consumer, ConsumerImpact, Finding, Severity, Span
from tests.unit.impact.conftest import state_of

Tightened = Callable[..., dict[str, ConsumerImpact]]
PATCH = ("PATCH", "/v1/orders/o-1")


def constrained(text: str, constraints: dict[str, str]) -> str:
    """The shop with options behind fields and messages: what has to be there, and what is added behind it."""
    for place, options in constraints.items():
        assert place in text
        text = text.replace(place, options)
    if constraints:
        known = 'import "google/protobuf/timestamp.proto";\n'
        text = text.replace(known, f'{known}import "buf/validate/validate.proto";\n')
    return text


@pytest.fixture
def tightened(contracts: Any, image: descriptor_pb2.FileDescriptorSet, shop: str) -> Tightened:
    """What each consumer is told by the first finding of a rule when constraints become these."""

    def state(constraints: dict[str, str]) -> State:
        return state_of(image_of({"shop.proto": constrained(shop, constraints)}))

    def examine(rule: str, after: dict[str, str], before: dict[str, str] | None = None) -> dict[str, ConsumerImpact]:
        change = Evolution((state(before or {}),), state(after))
        [row] = [row for row in RULES if row.id == rule]
        [breach, *_] = compare(change.bases[0], change.current, [row])
        found = breach.objection
        finding = Finding(rule, "VALIDATION", Severity.ERROR, Span(found.path), found.element, found.message, "0" * 16)
        usage = contracts.usage
        [told] = assess(
            [Found(row, finding)],
            ProtobufChange(change, usage.examples),
            usage,
            [Consumer(name) for name in usage.consumers],
        )
        return {hit.consumer.name: hit for hit in told.consumers}

    return examine


def note(constraint: str) -> dict[str, str]:
    """Constraints of an order's note."""
    return {"string note = 2;": f"string note = 2 [(buf.validate.field).{constraint}];"}


LENGTH = "VALIDATION_LENGTH_INPUT_NO_TIGHTEN"
REFUSED = ('"ring twice"', "string.max_len: must be at most 4 characters")


def test_a_value_that_is_refused_now_breaks_whoever_sends_it(contracts: Any, tightened: Tightened) -> None:
    contracts.grpc("grpc", "UpdateOrder", {"order": {"note": "ring twice"}}, {})
    contracts.http("http", *PATCH, body={"note": "ring twice"})

    told = tightened(LENGTH, note("string.max_len = 4"))

    assert {name: str(hit.impact) for name, hit in told.items()} == {"grpc": "broken", "http": "broken"}
    assert {(proof.example, proof.refused) for hit in told.values() for proof in hit.evidence} == {REFUSED}


def test_examples_that_are_accepted_do_not_show_that_all_are(contracts: Any, tightened: Tightened) -> None:
    contracts.grpc("app", "UpdateOrder", {"order": {"note": "ring"}}, {})

    told = tightened(LENGTH, note("string.max_len = 4"))["app"]

    assert str(told.impact) == "potentially-affected"
    assert [(proof.example, proof.refused) for proof in told.evidence] == [('"ring"', "")]


def test_of_several_examples_the_refused_ones_are_the_proof(contracts: Any, tightened: Tightened) -> None:
    contracts.http("app", "PATCH", "/v1/orders/1", body={"note": "ring"})
    contracts.http("app", "PATCH", "/v1/orders/2", body={"note": "ring twice"})

    told = tightened(LENGTH, note("string.max_len = 4"))["app"]

    assert [(proof.interaction, proof.example) for proof in told.evidence] == [("PATCH /v1/orders/2", '"ring twice"')]


def test_an_example_that_was_refused_before_shows_nothing(contracts: Any, tightened: Tightened) -> None:
    contracts.grpc("app", "UpdateOrder", {"order": {"note": "ring twice"}}, {})

    told = tightened(LENGTH, note("string.max_len = 4"), note("string.max_len = 5"))["app"]

    assert str(told.impact) == "potentially-affected"


def test_a_request_that_is_expected_to_be_refused_shows_nothing(contracts: Any, tightened: Tightened) -> None:
    contracts.grpc("grpc", "UpdateOrder", {"order": {"note": "ring twice"}}, {}, status="INVALID_ARGUMENT")
    contracts.http("http", *PATCH, body={"note": "ring twice"}, status=400)

    told = tightened(LENGTH, note("string.max_len = 4"))

    assert {name: str(hit.impact) for name, hit in told.items()} == dict.fromkeys(told, "potentially-affected")
    assert {proof.example for hit in told.values() for proof in hit.evidence} == {""}


def test_a_request_that_is_refused_for_another_reason_still_has_to_be_valid(
    contracts: Any, tightened: Tightened
) -> None:
    contracts.http("app", *PATCH, body={"note": "ring twice"}, status=409)

    assert str(tightened(LENGTH, note("string.max_len = 4"))["app"].impact) == "broken"


def test_a_refusal_by_another_constraint_of_the_field_is_told_there_only(contracts: Any, tightened: Tightened) -> None:
    contracts.grpc("app", "UpdateOrder", {"order": {"note": "ring twice"}}, {})
    both = note('string = { max_len: 4, pattern: "^ring" }')

    assert str(tightened("VALIDATION_FORMAT_INPUT_NO_TIGHTEN", both)["app"].impact) == "potentially-affected"


@pytest.mark.parametrize(
    ("rule", "constraints", "example", "refused"),
    [
        pytest.param(
            "VALIDATION_CEL_INPUT_NO_TIGHTEN",
            note("""cel = { id: "polite", message: "say please", expression: "this.contains('please')" }"""),
            '"ring twice"',
            "polite: say please",
            id="CEL of a field",
        ),
        pytest.param(
            "VALIDATION_MESSAGE_INPUT_NO_TIGHTEN",
            {
                "message Order {": """message Order {
                option (buf.validate.message).cel = { id: "paid", expression: "this.gift || this.note == ''" };"""
            },
            '{"note": "ring twice", "parcels": {"home": {"city": "Paris"}}, "status": "STATUS_PAID"}',
            "paid: \"this.gift || this.note == ''\" returned false",
            id="CEL of a message",
        ),
        pytest.param(
            "VALIDATION_ENUM_INPUT_NO_TIGHTEN",
            {"Status status = 3;": "Status status = 3 [(buf.validate.field).enum = { in: [1] }];"},
            "2",
            "enum.in: must be in list [1]",
            id="enum",
        ),
        pytest.param(
            "VALIDATION_ITEMS_INPUT_NO_TIGHTEN",
            {
                "map<string, Address> parcels = 5;": """map<string, Address> parcels = 5
                [(buf.validate.field).map.min_pairs = 2];"""
            },
            '{"home": {"city": "Paris"}}',
            "map.min_pairs: map must be at least 2 entries",
            id="map",
        ),
    ],
)
def test_constraints_of_every_kind_are_tried(
    contracts: Any, tightened: Tightened, rule: str, constraints: dict[str, str], example: str, refused: str
) -> None:
    order = {"note": "ring twice", "status": "STATUS_PAID", "parcels": {"home": {"city": "Paris"}}}
    contracts.grpc("app", "UpdateOrder", {"order": order}, {})

    told = tightened(rule, constraints)["app"]

    assert [(proof.example, proof.refused) for proof in told.evidence] == [(example, refused)]


@pytest.mark.parametrize(
    ("query", "place", "options"),
    [
        pytest.param(
            {"page_size": ["50"]},
            "int32 page_size = 1;",
            "int32 page_size = 1 [(buf.validate.field).int32.lte = 20];",
            id="number",
        ),
        pytest.param(
            {"filter.buyerName": ["Grace"]},
            "string buyer_name = 1;",
            "string buyer_name = 1 [(buf.validate.field).string.max_len = 3];",
            id="nested",
        ),
    ],
)
def test_what_a_query_says_is_tried(
    contracts: Any, tightened: Tightened, query: dict[str, list[str]], place: str, options: str
) -> None:
    contracts.http("app", "GET", "/v1/orders", query=query)
    rule = "VALIDATION_RANGE_INPUT_NO_TIGHTEN" if "int32" in place else LENGTH

    assert str(tightened(rule, {place: options})["app"].impact) == "broken"


def test_what_a_path_says_is_tried(contracts: Any, tightened: Tightened) -> None:
    contracts.http("app", "GET", "/v1/orders/o-1")
    place = "message GetOrderRequest {\n  string order_id = 1;"
    numbers = f'{place[:-1]} [(buf.validate.field).string.pattern = "^[0-9]+$"];'

    told = tightened("VALIDATION_FORMAT_INPUT_NO_TIGHTEN", {place: numbers})["app"]

    assert [proof.example for proof in told.evidence] == ['"o-1"']


def test_of_a_constraint_that_cannot_be_evaluated_nothing_follows(contracts: Any, tightened: Tightened) -> None:
    contracts.grpc("app", "UpdateOrder", {"order": {"note": "ring twice"}}, {})
    broken = note('cel = { id: "broken", expression: "this.nothing > 2" }')

    told = tightened("VALIDATION_FIELD_NO_UNPROVEN_CHANGE", broken)["app"]

    assert (str(told.impact), [proof.example for proof in told.evidence]) == ("potentially-affected", [""])


def test_a_body_that_is_no_request_shows_nothing(contracts: Any, tightened: Tightened) -> None:
    contracts.http("app", *PATCH, body={"note": "ring twice", "gift": "perhaps"})

    assert str(tightened(LENGTH, note("string.max_len = 4"))["app"].impact) == "potentially-affected"


def test_a_looser_output_cannot_be_shown_to_break_by_an_example(contracts: Any, tightened: Tightened) -> None:
    contracts.grpc("app", "GetOrder", {}, {"order": {"note": "ring twice"}})

    told = tightened("VALIDATION_LENGTH_OUTPUT_NO_LOOSEN", {}, note("string.max_len = 20"))["app"]

    assert (str(told.impact), [proof.example for proof in told.evidence]) == ("potentially-affected", [""])


def left_out(constraint: str) -> dict[str, str]:
    """Constraints that the zero value of an order's note, status or list does not meet."""
    fields = {"note": "string note = 2", "status": "Status status = 3", "parcels": "map<string, Address> parcels = 5"}
    [field] = [name for name in fields if constraint.startswith(f"{name}:")]
    return {f"{fields[field]};": f"{fields[field]} [(buf.validate.field).{constraint.partition(':')[2]}];"}


ZERO = [
    pytest.param(LENGTH, "note:string.min_len = 1", id="min_len"),
    pytest.param("VALIDATION_ENUM_INPUT_NO_TIGHTEN", "status:enum = { not_in: [0] }", id="not_in 0"),
    pytest.param("VALIDATION_ITEMS_INPUT_NO_TIGHTEN", "parcels:map.min_pairs = 1", id="min_pairs"),
    pytest.param("VALIDATION_PRESENCE_INPUT_NO_TIGHTEN", "note:required = true", id="required"),
]


@pytest.mark.parametrize(("rule", "constraint"), ZERO)
def test_a_left_out_value_is_the_zero_value_and_is_refused(
    contracts: Any, tightened: Tightened, rule: str, constraint: str
) -> None:
    contracts.grpc("grpc", "UpdateOrder", {"order": {"gift": True}}, {})
    contracts.http("http", *PATCH, body={"gift": True})
    contracts.grpc("other", "ListOrders", {"page_size": 5}, {})

    told = tightened(rule, left_out(constraint))

    assert {name: str(hit.impact) for name, hit in told.items()} == {
        "grpc": "broken",
        "http": "broken",
        "other": "unknown",
    }
    assert all(proof.refused for name in ("grpc", "http") for proof in told[name].evidence)


@pytest.mark.parametrize(("rule", "constraint"), ZERO)
def test_a_recorded_request_without_the_field_is_refused_too(
    contracts: Any, tightened: Tightened, rule: str, constraint: str
) -> None:
    contracts.wrote("app", "shop.v1.UpdateOrderRequest", "shop.v1.Order", "shop.v1.Order.gift")

    assert str(tightened(rule, left_out(constraint))["app"].impact) == "broken"


def test_a_written_zero_is_refused_as_one_that_is_left_out(contracts: Any, tightened: Tightened) -> None:
    contracts.http("app", *PATCH, body={"note": "", "gift": True})

    assert str(tightened(*ZERO[3].values[:1], left_out("note:required = true"))["app"].impact) == "broken"


def test_a_value_that_may_be_left_out_hits_nobody_who_does(contracts: Any, tightened: Tightened) -> None:
    contracts.grpc("app", "UpdateOrder", {"order": {"gift": True}}, {})
    contracts.observed("app")
    ignoring = {
        "string note = 2;": """string note = 2 [(buf.validate.field) = {
      string: { min_len: 4 } ignore: IGNORE_IF_ZERO_VALUE }];"""
    }

    assert str(tightened(LENGTH, ignoring)["app"].impact) == "unaffected"


def test_a_request_to_be_refused_may_leave_out_what_is_required_now(contracts: Any, tightened: Tightened) -> None:
    contracts.http("app", *PATCH, body={"gift": True}, status=400)

    told = tightened("VALIDATION_PRESENCE_INPUT_NO_TIGHTEN", left_out("note:required = true"))["app"]

    assert str(told.impact) == "unknown"


def test_a_oneof_that_is_required_refuses_a_request_without_a_member(contracts: Any, tightened: Tightened) -> None:
    contracts.grpc("without", "UpdateOrder", {"order": {"gift": True}}, {})
    contracts.grpc("with", "UpdateOrder", {"order": {"card": "1"}}, {})
    oneof = {"oneof payment {": "oneof payment {\n    option (buf.validate.oneof).required = true;"}

    told = tightened("VALIDATION_ONEOF_INPUT_NO_TIGHTEN", oneof)

    assert {name: str(hit.impact) for name, hit in told.items()} == {
        "without": "broken",
        "with": "potentially-affected",
    }
