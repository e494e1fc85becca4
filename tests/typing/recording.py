"""A consumer's tests, with types."""

from typing import assert_type

from pact.pact import PactServer
from plt.identity.v1.identity_pb2 import User

from servanda import (
    Delivery,
    DescribedEvent,
    GrpcCall,
    Observe,
    ObserveFor,
    PactWith,
    RecordedPact,
    Transport,
    unwrap,
)


def test_a_call(pact_with: PactWith) -> None:
    pact = pact_with("basket", "pricing")
    assert_type(pact, RecordedPact)
    call = pact.upon_calling("a quote", "shop.v1.PricingService/GetQuote")
    assert_type(call.given("an article is priced", sku="A-1").with_request({"sku": "A-1"}), GrpcCall)
    with pact.serve_grpc() as target:
        assert_type(target, str)


def test_a_request(pact_with: PactWith) -> None:
    with pact_with("basket", "pricing").serve() as server:
        assert_type(server, PactServer)


def test_an_event(pact_with: PactWith) -> None:
    pact = pact_with("basket", "pricing")
    assert_type(pact.upon_event("a price was changed", "shop.v1.PriceChanged").with_payload({}), DescribedEvent)
    assert_type(pact.upon_event("a price was changed, in JSON").with_payload(["A-1"]), DescribedEvent)
    with pact.deliver() as record:
        assert_type(record, Delivery)
        assert_type(dict(record.headers), dict[str, bytes])


def test_what_is_read(servanda_observe: ObserveFor) -> None:
    observe = servanda_observe("basket")
    assert_type(observe, Observe)
    user = observe(User(), Transport.KAFKA)
    assert_type(user, User)
    assert_type(unwrap(user), User)
