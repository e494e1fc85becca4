"""What of the calls that passed is kept, and that it stays bounded."""

from typing import Any

import pytest

from servanda.interfaces.usage.exchange import EVERYTHING, Shape, Side
from servanda.interfaces.usage.log import UsageLog
from servanda.interfaces.usage.use import Observation
from servanda.recording.observe.collector import MOST_NAMES, MOST_WAYS, Collector, Passed
from servanda.recording.observe.shapes import MOST_MEMBERS
from servanda.recording.usage.described import Described
from servanda.verdict import Transport


@pytest.fixture
def collector(described: Described) -> Collector:
    return Collector(described)


def passed(sent: object = None, received: object = None, **parts: Any) -> Passed:
    told = {"query": (), "headers": (), "sent": Shape(sent), "received": Shape(received), **parts}
    return Passed("GET /v1/orders", Transport.HTTP, 200, **told)


def log(collector: Collector, *, complete: bool = True) -> UsageLog:
    return collector.log(Observation("web", "2026-11-01", "log"), complete=complete)


def test_responses_of_one_call_are_put_together(collector: Collector) -> None:
    collector.add(passed(received={"a": None}))
    collector.add(passed(received={"b": None}))

    [exchange] = log(collector).exchanges
    assert exchange.received == Shape({"a": None, "b": None})


def test_different_requests_are_told_apart(collector: Collector) -> None:
    collector.add(passed(sent={"a": None}))
    collector.add(passed(sent={"a": None, "b": None}))

    sent = [exchange.sent for exchange in log(collector).exchanges]
    assert Shape({"a": None}) in sent
    assert Shape({"a": None, "b": None}) in sent


def test_equal_requests_are_told_once(collector: Collector) -> None:
    for _ in range(100):
        collector.add(passed(sent={"a": None}, received={"b": None}))

    assert len(log(collector).exchanges) == 1


def test_a_response_that_was_not_understood_leaves_open_what_was_read(collector: Collector) -> None:
    collector.add(passed(received={"a": None}))
    collector.add(Passed("GET /v1/orders", Transport.HTTP, 200, (), (), Shape(None)))
    collector.add(passed(received={"a": None}))

    assert {exchange.received for exchange in log(collector).exchanges} == {None}


def test_a_response_with_too_many_members_leaves_open_what_was_read(collector: Collector) -> None:
    collector.add(passed(received={str(number): None for number in range(MOST_MEMBERS + 1)}))

    assert [exchange.received for exchange in log(collector).exchanges] == [None]


def test_too_many_different_requests_are_put_together_and_prove_no_omission(collector: Collector) -> None:
    for number in range(MOST_WAYS + 20):
        collector.add(passed(sent={str(number): None}))

    found = log(collector)
    assert len(found.exchanges) == MOST_WAYS
    sent = [each.sent.value for each in found.exchanges if each.sent is not None]
    members = {name for value in sent if isinstance(value, dict) for name in value}
    assert members == {str(number) for number in range(MOST_WAYS + 20)}
    assert found.complete == {Side.CALLS, Side.READS}


def test_a_run_that_shows_everything_says_so(collector: Collector) -> None:
    collector.add(passed())

    assert log(collector).complete == EVERYTHING
    assert log(collector, complete=False).complete == frozenset()


def test_a_value_of_an_enum_that_came_is_possible_and_one_that_was_sent_is_certain(collector: Collector) -> None:
    collector.add(passed(touched=((Side.READS, "shop.v1.Status.OPEN"), (Side.WRITES, "shop.v1.Status.PAID"))))

    found = log(collector)
    assert [(noted.element, noted.possible) for noted in found.reads] == [("shop.v1.Status.OPEN", True)]
    assert [(noted.element, noted.possible) for noted in found.writes or ()] == [("shop.v1.Status.PAID", False)]


def test_each_call_is_told_when_it_passes_first(described: Described) -> None:
    told: list[str] = []
    collector = Collector(described, told.append)
    collector.add(passed())
    collector.add(passed(sent={"a": None}))

    assert told == ["http GET /v1/orders 200"]


def test_too_many_names_of_parameters_are_not_kept(collector: Collector) -> None:
    collector.add(passed(query=tuple(str(number) for number in range(MOST_NAMES + 1))))

    assert [exchange.query for exchange in log(collector).exchanges] == [None]


def test_names_of_parameters_stay_few_however_many_requests_pass(collector: Collector) -> None:
    for number in range(MOST_WAYS + MOST_NAMES + 10):
        collector.add(passed(query=(str(number),)))

    found = log(collector)
    assert len(found.exchanges) == MOST_WAYS
    assert max(len(exchange.query or ()) for exchange in found.exchanges) <= MOST_NAMES
    assert None in [exchange.query for exchange in found.exchanges]


def test_a_request_that_was_not_understood_stays_unknown_among_others(collector: Collector) -> None:
    for number in range(MOST_WAYS):
        collector.add(passed(sent={str(number): None}))
    collector.add(Passed("GET /v1/orders", Transport.HTTP, 200, (), (), None, Shape(None)))
    collector.add(passed(sent={"last": None}))

    assert None in [exchange.sent for exchange in log(collector).exchanges]
