"""Safe orders of deployment."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.policy.deployment import Deployment, Meeting, Side, deployment
from servanda.verdict import Outcome

NAMES = "abcde"


def breaks(consumer: str, provider: str, new: Side) -> Meeting:
    return Meeting(consumer, provider, new, Outcome.BROKEN)


def test_a_provider_whose_new_version_breaks_old_consumers_waits_for_them() -> None:
    assert deployment("ab", [breaks("a", "b", Side.PROVIDER)]).waves == (("a",), ("b",))


def test_a_consumer_that_needs_what_is_new_waits_for_its_provider() -> None:
    assert deployment("ab", [breaks("a", "b", Side.CONSUMER)]).waves == (("b",), ("a",))


def test_what_does_not_depend_on_each_other_goes_at_the_same_time() -> None:
    assert deployment("cab", [breaks("a", "b", Side.CONSUMER)]).waves == (("b", "c"), ("a",))


def test_two_that_break_both_ways_are_the_smallest_cycle() -> None:
    one, other = breaks("a", "b", Side.CONSUMER), breaks("a", "b", Side.PROVIDER)
    round_trip = [breaks("c", "d", Side.CONSUMER), breaks("d", "e", Side.CONSUMER), breaks("e", "c", Side.CONSUMER)]
    found = deployment("abcde", [*round_trip, one, other])
    assert (found.waves, set(found.cycle), found.outcome) == ((), {one, other}, Outcome.BROKEN)


def test_a_service_that_does_not_live_beside_its_old_version_is_a_cycle_by_itself() -> None:
    own = breaks("a", "a", Side.PROVIDER)
    assert deployment("ab", [own]).cycle == (own,)


def test_whom_nobody_deploys_stands_in_the_way() -> None:
    outside = breaks("x", "a", Side.PROVIDER)
    found = deployment("ab", [outside])
    assert (found.blocked, found.waves, found.outcome) == ((outside,), (), Outcome.BROKEN)


def test_what_others_do_among_themselves_does_not_matter() -> None:
    assert deployment("a", [breaks("x", "y", Side.PROVIDER)]) == Deployment((("a",),))
    assert deployment("a", [breaks("x", "a", Side.CONSUMER)]).blocked == ()


def test_an_unproven_meeting_leaves_the_order_and_is_told() -> None:
    unknown = Meeting("a", "b", Side.PROVIDER, Outcome.UNKNOWN)
    found = deployment("ab", [unknown])
    assert (found.waves, found.unproven, found.outcome) == ((("a", "b"),), (unknown,), Outcome.UNKNOWN)


def test_a_service_whose_old_version_breaks_beside_the_others_cannot_be_rolled_back_alone() -> None:
    needed = breaks("a", "b", Side.CONSUMER)
    found = deployment("ab", [needed])
    assert found.waves == (("b",), ("a",))
    assert dict(found.rollback) == {"b": needed}


def holds(order: Sequence[str], services: Iterable[str], broken: Iterable[Meeting]) -> bool:
    """Tell whether in no step two meet that break; whoever is deployed is old and new at once."""
    for number, deployed in enumerate(order):
        new, old = {*order[:number], deployed}, set(services) - set(order[:number])
        for meeting in broken:
            consumer, provider = (new, old) if meeting.new is Side.CONSUMER else (old, new)
            if meeting.consumer in consumer and meeting.provider in provider:
                return False
    return True


@settings(max_examples=2000, deadline=None)
@given(st.integers(1, 5), st.integers(0, 10**9), st.floats(0, 0.35))
def test_there_is_an_order_exactly_where_trying_all_of_them_finds_one(count: int, seed: int, density: float) -> None:
    source, services = random.Random(seed), NAMES[:count]  # noqa: S311
    broken = [
        breaks(consumer, provider, side)
        for consumer, provider, side in itertools.product(services, services, Side)
        if source.random() < density
    ]
    found = deployment(services, broken)
    orders = [order for order in itertools.permutations(services) if holds(order, services, broken)]
    assert bool(found.waves) == bool(orders)
    if found.waves:
        for inside in itertools.product(*(itertools.permutations(wave) for wave in found.waves)):
            assert tuple(itertools.chain(*inside)) in orders
    else:
        assert _is_cycle(found.cycle)
        assert not any(holds(order, services, found.cycle) for order in itertools.permutations(services))


def _is_cycle(cycle: Sequence[Meeting]) -> bool:
    ends = [
        (each.consumer, each.provider) if each.new is Side.CONSUMER else (each.provider, each.consumer)
        for each in cycle
    ]
    return bool(ends) and all(one[1] == other[0] for one, other in zip(ends, [*ends[1:], ends[0]], strict=True))


@pytest.mark.parametrize("size", [1, 2, 7])
def test_the_cycle_that_is_told_is_a_smallest_one(size: int) -> None:
    ring = [breaks(f"r{n}", f"r{(n + 1) % size}", Side.CONSUMER) for n in range(size)]
    long = [breaks(f"s{n}", f"s{(n + 1) % 9}", Side.CONSUMER) for n in range(9)]
    services = {name for each in (*ring, *long) for name in (each.consumer, each.provider)}
    assert len(deployment(services, [*long, *ring]).cycle) == size


def test_a_trial_that_held_settles_what_a_comparison_leaves_open() -> None:
    unknown = Meeting("a", "b", Side.PROVIDER, Outcome.UNKNOWN)
    tried = Meeting("a", "b", Side.PROVIDER, Outcome.HELD)
    assert deployment("ab", [unknown, tried]).outcome is Outcome.HELD


def test_a_trial_that_held_does_not_hide_a_break() -> None:
    tried = Meeting("a", "b", Side.PROVIDER, Outcome.HELD)
    assert deployment("ab", [tried, breaks("a", "b", Side.PROVIDER)]).waves == (("a",), ("b",))
