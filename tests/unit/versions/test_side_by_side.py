"""Runs of a plan that are carried out at once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from servanda.configuration import load
from servanda.errors import InfrastructureError
from servanda.verdict import DeployOrder
from servanda.versions.oracle import Break, BreakKind
from servanda.versions.phases import StepFinished, Surroundings
from servanda.versions.plan import Run, Version, make_plan
from servanda.versions.side_by_side import carry_out_all, runs_at_once

CONFIGURATION = """
[services.users]
command = ["users"]
stores = ["postgres"]
"""
SERVICES = ("users", "orders", "edge")


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    (tmp_path / "servanda.toml").write_text(CONFIGURATION)
    return Surroundings(load(tmp_path / "servanda.toml"), {}, {})


class Carrying:
    """Carries out runs step by step, each after as many turns of the loop as there are runs.

    Args:
        breaking: Numbers of steps that show a break.
        failing: Numbers of steps that cannot be carried out.
    """

    def __init__(self, breaking: frozenset[int] = frozenset(), failing: frozenset[int] = frozenset()) -> None:
        self._breaking, self._failing = breaking, failing
        self.now = self.most = 0
        self.taken: list[int] = []
        self.begun = asyncio.Event()
        self.folders: dict[str, list[str]] = defaultdict(list)

    async def __call__(self, run: Run, around: Surroundings) -> AsyncGenerator[StepFinished, None]:
        self.folders[run.old].append(around.folder)
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            for step in run.steps:
                await asyncio.sleep(0)
                if step.number in self._failing:
                    raise InfrastructureError("postgres died during the run")
                self.taken.append(step.number)
                self.begun.set()
                broken = Break(BreakKind.ANSWER, step, "GET /users", "is another one")
                yield StepFinished(step, (broken,) if step.number in self._breaking else ())
        finally:
            self.now -= 1


def runs(*live: str) -> tuple[Run, ...]:
    """Two runs for each version, of which the first has 7 steps and the second 3."""
    return make_plan([Version(each) for each in live], Version("new"), SERVICES, DeployOrder.ANY).runs


def numbers(steps: tuple[StepFinished, ...]) -> list[int]:
    return [each.step.number for each in steps]


@pytest.mark.parametrize("at_once", [1, 2, 3, 9])
async def test_the_steps_come_in_the_order_of_the_plan_however_many_runs_are_made_at_once(
    around: Surroundings, at_once: int
) -> None:
    carrying = Carrying()
    found = await carry_out_all(runs("a", "b"), around, at_once, carrying)
    assert numbers(found) == list(range(1, 21))
    assert carrying.most == min(at_once, 4)


async def test_runs_at_once_write_to_folders_of_their_own_and_a_single_one_to_that_of_the_command(
    around: Surroundings,
) -> None:
    carrying = Carrying()
    await carry_out_all(runs("a"), around, 2, carrying)
    await carry_out_all(runs("b")[:1], around, 2, carrying)
    assert carrying.folders == {"a": ["versions/run-1", "versions/run-2"], "b": ["versions"]}


@pytest.mark.parametrize("at_once", [1, 2, 4])
async def test_what_comes_after_a_broken_run_of_the_same_live_version_tells_nothing(
    around: Surroundings, at_once: int
) -> None:
    carrying = Carrying(breaking=frozenset({3, 9}))
    found = await carry_out_all(runs("a", "b"), around, at_once, carrying)
    assert numbers(found) == [1, 2, 3, *range(11, 21)]
    assert [each.step.number for step in found for each in step.breaks] == [3]
    assert carrying.now == 0


async def test_a_break_in_a_later_run_leaves_the_earlier_one_alone(around: Surroundings) -> None:
    found = await carry_out_all(runs("a"), around, 2, Carrying(breaking=frozenset({9})))
    assert numbers(found) == list(range(1, 10))


async def test_a_run_that_cannot_be_carried_out_ends_the_others(around: Surroundings) -> None:
    carrying = Carrying(failing=frozenset({2}))
    with pytest.raises(InfrastructureError, match="postgres died"):
        await carry_out_all(runs("a", "b"), around, 4, carrying)
    assert carrying.now == 0
    assert 10 not in carrying.taken


async def test_a_later_run_that_cannot_be_carried_out_does_not_hide_a_break(around: Surroundings) -> None:
    carrying = Carrying(breaking=frozenset({7}), failing=frozenset({8}))
    found = await carry_out_all(runs("a"), around, 2, carrying)
    assert [each.step.number for step in found for each in step.breaks] == [7]


async def test_whoever_is_cancelled_leaves_no_run_behind(around: Surroundings) -> None:
    carrying = Carrying()
    task = asyncio.create_task(carry_out_all(runs("a", "b"), around, 4, carrying))
    await carrying.begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert carrying.now == 0


@pytest.mark.parametrize(
    ("environ", "settings", "expected"),
    [
        ({"SERVANDA_INFRA": "external", "POSTGRES_DSN": "postgresql://db.example/app"}, "", 1),
        ({"SERVANDA_INFRA": "embedded"}, "[versions]\nruns_at_once = 3\n", 3),
        (
            {"SERVANDA_INFRA": "external", "POSTGRES_DSN": "postgresql://db.example/app"},
            "[versions]\nruns_at_once = 2\n",
            2,
        ),
    ],
)
def test_runs_that_share_stores_of_somebody_else_follow_each_other_unless_it_is_wanted_otherwise(
    tmp_path: Path, environ: Mapping[str, str], settings: str, expected: int
) -> None:
    (tmp_path / "servanda.toml").write_text(CONFIGURATION + settings)
    configuration = load(tmp_path / "servanda.toml")
    assert runs_at_once(configuration, MappingProxyType(environ), None) == expected
