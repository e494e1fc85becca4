"""What nobody uses."""

from collections.abc import Collection

import pytest

from servanda.configuration import Events
from servanda.impact.census import Idle, Status, idle
from servanda.interfaces.effect import Access
from servanda.interfaces.protobuf.compiler import compile_workspace
from servanda.interfaces.protobuf.schema import File, State
from servanda.interfaces.protobuf.usage.inventory import listing
from servanda.interfaces.usage.use import Observation, Usage, Use
from servanda.verdict import Consumer, Evidence, Transport

SHOP = """syntax = "proto3";
package shop.v1;
import "google/protobuf/descriptor.proto";
message Order {
  string note = 1;
  optional string gift = 2;
  Status status = 3;
}
enum Status {
  STATUS_UNSPECIFIED = 0;
  STATUS_PAID = 1;
}
message Topic { string name = 1; }
extend google.protobuf.MessageOptions { Topic topic = 50001; }
"""
APP, WEB = Consumer("app"), Consumer("web")
SEEN_APP = Observation("app", "2026-11-01", "contracts/usage/app.json")
SEEN_WEB = Observation("web", "2026-11-02", "contracts/usage/web.json")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> State:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop.proto").write_text(SHOP, encoding="utf-8")
    files = compile_workspace(folder).file
    return State(File(f.SerializeToString(), imported=f.name != "shop.proto") for f in files)


def used(
    element: str, *, access: Access = Access.READ, transport: Transport = Transport.GRPC, source: str = "usage-log"
) -> Use:
    named = transport == Transport.HTTP
    return Use(f"shop.v1.{element}", "app", access, transport, named=named, evidence=Evidence(source, "a.json"))


def census(shop: State, usage: Usage, *consumers: Consumer) -> dict[str, Idle]:
    inventory = listing([shop], lambda: usage, Events(), "proto")
    return {each.element.name.removeprefix("shop.v1."): each for each in idle(inventory, consumers)}


def test_what_somebody_uses_is_not_idle(shop: State) -> None:
    assert "Order.note" not in census(shop, Usage([used("Order.note")], [SEEN_APP]), APP)


def test_an_element_is_unused_if_every_known_consumer_was_observed_without_it(shop: State) -> None:
    found = census(shop, Usage([used("Order.note")], [SEEN_APP, SEEN_WEB]), APP, WEB)["Order.gift"]

    assert (found.status, found.observed) == (Status.UNUSED, (SEEN_APP, SEEN_WEB))


def test_one_missing_observation_leaves_it_unknown(shop: State) -> None:
    found = census(shop, Usage([used("Order.note")], [SEEN_APP]), APP, WEB)["Order.gift"]

    assert (found.status, found.missing) == (Status.UNKNOWN, ("web",))


def test_without_known_consumers_nothing_is_unused(shop: State) -> None:
    assert {each.status for each in census(shop, Usage()).values()} == {Status.UNKNOWN}


def test_the_newest_observation_of_a_consumer_counts() -> None:
    older = Observation("app", "2026-09-01", "contracts/usage/app.json")

    assert Usage([], [SEEN_APP, older]).observations == {"app": SEEN_APP}


def test_a_usage_log_that_did_not_watch_a_transport_of_a_contract_proves_no_absence(shop: State) -> None:
    over_http = used("Order.note", transport=Transport.HTTP, source="pact")

    found = census(shop, Usage([used("Order.note"), over_http], [SEEN_APP]), APP)["Order.gift"]

    assert (found.status, found.missing) == (Status.UNKNOWN, ("app",))


def test_whoever_reads_an_enum_may_get_any_of_its_values(shop: State) -> None:
    assert "Status.STATUS_PAID" not in census(shop, Usage([used("Status")], [SEEN_APP]), APP)


def test_a_value_of_an_enum_that_is_only_sent_is_unused_if_nobody_sends_it(shop: State) -> None:
    sent = [used(name, access=Access.WRITE) for name in ("Status", "Status.STATUS_PAID")]

    assert {name for name in census(shop, Usage(sent, [SEEN_APP]), APP) if name.startswith("Status")} == {
        "Status.STATUS_UNSPECIFIED"
    }


def test_what_an_option_is_made_of_is_nobodys_to_use(shop: State) -> None:
    assert {"Topic", "Topic.name", "topic"}.isdisjoint(census(shop, Usage([], [SEEN_APP]), APP))


def test_nobody_uses_what_stands_for_the_word_optional(shop: State) -> None:
    assert "Order._gift" not in census(shop, Usage([], [SEEN_APP]), APP)


class _Anything:
    def covers(self, element: str, accesses: Collection[Access]) -> bool:
        return element == "shop.v1.Order.gift"


def test_what_an_observation_leaves_open_is_not_unused(shop: State) -> None:
    found = census(shop, Usage([], [SEEN_APP], reach={"app": _Anything()}), APP)

    assert (found["Order.gift"].status, found["Order.gift"].missing) == (Status.UNKNOWN, ("app",))
    assert found["Order.note"].status is Status.UNUSED
