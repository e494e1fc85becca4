"""Shrinking of runs that break."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from servanda.verdict import DeployOrder
from servanda.versions.plan import Phase, Run, Version, make_plan
from servanda.versions.shrink import exchanged, shrunk

SERVICES = ("users", "orders", "edge")
OLD, NEW, BOTH = ("old",), ("new",), ("old", "new")
Live = Mapping[str, tuple[str, ...]]


def whole_run(services: tuple[str, ...] = SERVICES) -> Run:
    return make_plan([Version("old")], Version("new"), services, DeployOrder.PROVIDER_FIRST).runs[0]


def up_to(run: Run, phase: Phase, service: str = "") -> Run:
    place = next(n for n, step in enumerate(run.steps) if step.phase is phase and step.service == service)
    return Run(run.old, run.steps[: place + 1])


def shrink(run: Run, fails: Callable[[Run], bool]) -> tuple[Run, list[Run]]:
    tried: list[Run] = []

    async def attempt(smaller: Run) -> bool:
        tried.append(smaller)
        return fails(smaller)

    return asyncio.run(shrunk(run, attempt)), tried


def live(run: Run) -> list[Live]:
    return [dict(step.live) for step in run.steps]


def test_what_breaks_beside_one_new_instance_needs_no_other_step_and_no_other_service() -> None:
    run = up_to(whole_run(), Phase.ROLLING, "edge")
    found, _ = shrink(run, lambda smaller: smaller.steps[-1].live["orders"] == NEW)
    assert live(found) == [dict.fromkeys(SERVICES, OLD), {"users": OLD, "orders": NEW, "edge": OLD}]
    assert exchanged(found) == ("orders",)


def test_a_break_at_the_first_exchange_is_as_small_as_it_can_be() -> None:
    run = up_to(whole_run(), Phase.ROLLING, "users")
    found, tried = shrink(run, lambda _: True)
    assert (found, tried) == (run, [])


def test_what_breaks_after_a_rollback_keeps_the_step_that_wrote() -> None:
    run = up_to(whole_run(), Phase.ROLLED_BACK)
    found, _ = shrink(run, lambda smaller: any(step.live["users"] == NEW for step in smaller.steps[:-1]))
    assert [step.phase for step in found.steps] == [Phase.OLD, Phase.MIXED, Phase.ROLLED_BACK]
    assert exchanged(found) == ("users",)


def test_a_step_is_called_what_it_is_when_services_of_it_stay_old() -> None:
    run = up_to(whole_run(), Phase.ROLLING, "orders")
    found, _ = shrink(run, lambda smaller: "new" in smaller.steps[-1].live["orders"])
    assert [(step.phase, step.service) for step in found.steps] == [(Phase.OLD, ""), (Phase.ROLLING, "orders")]


def test_phases_that_the_break_needs_stay_with_all_services() -> None:
    run = up_to(whole_run(), Phase.ROLLED_BACK)
    found, _ = shrink(run, lambda smaller: any(step.phase is Phase.NEW for step in smaller.steps))
    assert [step.phase for step in found.steps] == [Phase.OLD, Phase.NEW, Phase.ROLLED_BACK]
    assert exchanged(found) == SERVICES


def test_what_breaks_in_no_smaller_run_stays_as_it_is() -> None:
    run = up_to(whole_run(), Phase.FORWARD)
    assert shrink(run, lambda _: False)[0] == run


@given(
    needed=st.sets(st.sampled_from(("a", "b", "c", "d", "e")), min_size=1),
    phases=st.sets(st.sampled_from((2, 3, 4, 5, 6)), max_size=4),
)
def test_nothing_can_be_left_out_of_what_is_found(needed: set[str], phases: set[int]) -> None:
    run = up_to(whole_run(("a", "b", "c", "d", "e")), Phase.NEW)

    def fails(smaller: Run) -> bool:
        numbers = {step.number for step in smaller.steps}
        return needed <= set(exchanged(smaller)) and (phases <= numbers or len(exchanged(smaller)) < 5)

    found, tried = shrink(run, fails)
    assert found == run or fails(found)
    assert all(len(smaller.steps) > 1 for smaller in tried)
    assert len(tried) <= 2 * (len(run.steps) + 5)
    for left_out in itertools.chain(found.steps[1:-1]):
        smaller = Run(run.old, tuple(step for step in found.steps if step is not left_out))
        assert not fails(smaller) or len(exchanged(found)) < 5


def test_services_of_a_run_are_those_with_a_new_version() -> None:
    step = whole_run().steps[0]
    mixed = type(step)(2, Phase.MIXED, MappingProxyType({"users": OLD, "orders": BOTH, "edge": NEW}))
    assert exchanged(Run("old", (step, mixed))) == ("orders", "edge")
