"""Plans of mixed-version runs."""

from __future__ import annotations

import itertools
import json
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.errors import ConfigurationError
from servanda.verdict import DeployOrder
from servanda.versions.plan import Phase, Plan, Version, make_plan, read_plan, written
from servanda.versions.plan.covering import mixtures

OLD, NEW = Version("1.0.0", "a" * 40), Version("working-tree")
SERVICES = ("users", "orders", "edge")


def planned(order: DeployOrder = DeployOrder.PROVIDER_FIRST, *live: Version) -> Plan:
    return replace(make_plan(live or (OLD,), NEW, SERVICES, order, seed=7), base="b" * 40)


def test_a_rollout_exchanges_one_service_after_the_other_goes_back_and_forward_again() -> None:
    old, new, both = ("1.0.0",), ("working-tree",), ("1.0.0", "working-tree")
    assert [(step.phase, tuple(step.live.values())) for step in planned()] == [
        (Phase.OLD, (old, old, old)),
        (Phase.ROLLING, (both, old, old)),
        (Phase.ROLLING, (new, both, old)),
        (Phase.ROLLING, (new, new, both)),
        (Phase.NEW, (new, new, new)),
        (Phase.ROLLED_BACK, (old, old, old)),
        (Phase.FORWARD, (new, new, new)),
    ]


def test_of_three_instances_one_is_new_at_first_and_one_is_old_in_the_end() -> None:
    plan = make_plan((OLD,), NEW, ("users",), DeployOrder.PROVIDER_FIRST, instances=3)
    old, new = "1.0.0", "working-tree"
    rolling = [step.live["users"] for step in plan if step.phase is Phase.ROLLING]
    assert rolling == [(old, old, new), (old, new, new)]


def test_a_reader_that_would_start_one_instance_of_each_version_refuses_a_plan_with_more() -> None:
    plan = make_plan((OLD,), NEW, ("users",), DeployOrder.PROVIDER_FIRST, instances=3)
    assert json.loads(written(plan))["version"] == 3
    assert read_plan(written(plan), "plan.json") == plan


def test_consumers_first_is_the_other_way_round() -> None:
    plan = planned(DeployOrder.CONSUMERS_FIRST)
    assert [step.service for step in plan if step.phase is Phase.ROLLING] == ["edge", "orders", "users"]


def test_every_live_version_has_a_run_of_its_own_and_every_step_a_number() -> None:
    plan = planned(DeployOrder.PROVIDER_FIRST, Version("0.9.0"), OLD)
    assert [run.old for run in plan.runs] == ["0.9.0", "1.0.0"]
    assert [step.number for step in plan] == list(range(1, 15))


@given(st.integers(1, 25), st.integers())
def test_where_any_order_is_safe_each_pair_of_services_meets_in_every_combination(count: int, seed: int) -> None:
    services = [f"s{number}" for number in range(count)]
    plan = make_plan((OLD,), NEW, services, DeployOrder.ANY, seed=seed)
    for one, other in itertools.combinations(services, 2):
        met = {pair for step in plan for pair in itertools.product(step.live[one], step.live[other])}
        assert len(met) == 4


def test_combinations_that_the_rollout_does_not_pass_are_a_run_of_their_own() -> None:
    rollout, mixed = planned(DeployOrder.ANY).runs
    assert Phase.MIXED not in {step.phase for step in rollout.steps}
    assert [step.phase for step in mixed.steps] == [Phase.OLD, Phase.MIXED, Phase.MIXED]


def test_twelve_services_take_four_steps_more() -> None:
    assert len(mixtures([f"s{number}" for number in range(12)], random.Random(1))) == 4  # noqa: S311


def test_the_same_seed_makes_the_same_plan() -> None:
    assert planned(DeployOrder.ANY) == planned(DeployOrder.ANY)


@pytest.mark.parametrize("order", DeployOrder)
def test_a_plan_reads_back_from_its_own_json(order: DeployOrder) -> None:
    plan = planned(order, Version("0.9.0", folder="../old"), OLD)
    assert read_plan(written(plan), "plan.json") == plan


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON"),
        ("[]", "is no plan: 'format'"),
        ('{"format": "servanda-versions-plan", "version": 4}', "is a plan of version 4, expected one of 1, 2, 3"),
        ('{"format": "servanda-versions-plan", "version": 1}', "is no plan: "),
        (written(planned()).replace('"1.0.0"\n', '"7.7.7"\n', 1), "version that the plan does not know: 7.7.7"),
        (written(planned()).replace('"number": 2', '"number": 1'), "two of the same number"),
        (
            written(planned()).replace('"old": "1.0.0"', '"old": "0.9.0"'),
            "a run is from '0.9.0', which the plan does not call live",
        ),
        (
            json.dumps({**json.loads(written(planned())), "runs": [{"old": "1.0.0", "steps": []}]}),
            "the run from '1.0.0' has no steps",
        ),
    ],
)
def test_what_is_no_plan_is_refused(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=r"plan\.json") as refused:
        read_plan(text, "plan.json")
    assert said in str(refused.value)


def test_without_a_live_version_there_is_nothing_to_meet() -> None:
    with pytest.raises(ConfigurationError, match="no version is live"):
        make_plan((), NEW, SERVICES, DeployOrder.ANY)


def test_two_versions_of_one_name_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"two versions are called '1\.0\.0'"):
        make_plan((OLD, OLD), NEW, SERVICES, DeployOrder.ANY)


def test_a_plan_needs_a_service() -> None:
    with pytest.raises(ConfigurationError, match="no service is configured"):
        make_plan((OLD,), NEW, (), DeployOrder.ANY)
