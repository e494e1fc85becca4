"""How the stages follow each other, and how they stop."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from servanda.errors import InterfaceError, ServandaError, SupervisionError
from servanda.gate.run import run
from servanda.gate.stage import StageFinished, StageStarted
from servanda.verdict import Location, Outcome, ReasonKind, StageResult

ALL = ("one", "two", "three")


@dataclass
class ScriptedStage:
    """Gives the outcome that it was told to give."""

    name: str
    outcome: Outcome | ServandaError = Outcome.HELD
    log: list[str] = field(default_factory=list)

    def prepare(self) -> None:
        self.log.append(f"prepare {self.name}")

    async def examine(self) -> StageResult:
        self.log.append(f"examine {self.name}")
        if isinstance(self.outcome, ServandaError):
            raise self.outcome
        return StageResult(self.name, self.outcome)


def stages(*outcomes: Outcome | ServandaError) -> tuple[list[ScriptedStage], list[str]]:
    log: list[str] = []
    return [ScriptedStage(name, outcome, log) for name, outcome in zip(ALL, outcomes, strict=True)], log


def silent(event: StageStarted | StageFinished) -> None:
    del event


def outcomes(results: tuple[StageResult, ...]) -> list[Outcome]:
    return [result.outcome for result in results]


@pytest.mark.parametrize("stop", [Outcome.BROKEN, Outcome.UNKNOWN])
async def test_the_first_stage_that_does_not_hold_ends_the_run(stop: Outcome) -> None:
    scripted, log = stages(Outcome.HELD, stop, Outcome.HELD)

    results = await run(scripted, Path("/"), silent, only=ALL)

    assert outcomes(results) == [Outcome.HELD, stop, Outcome.SKIPPED]
    assert "examine three" not in log


async def test_nothing_is_prepared_when_the_first_stage_does_not_hold() -> None:
    scripted, log = stages(Outcome.BROKEN, Outcome.HELD, Outcome.HELD)

    await run(scripted, Path("/"), silent, only=ALL)

    assert log == ["examine one"]


async def test_later_stages_are_prepared_as_soon_as_the_first_holds() -> None:
    scripted, log = stages(Outcome.HELD, Outcome.HELD, Outcome.HELD)

    await run(scripted, Path("/"), silent, only=ALL)

    assert log.index("prepare three") < log.index("examine two")


async def test_keep_going_examines_every_stage() -> None:
    scripted, _ = stages(Outcome.BROKEN, Outcome.UNKNOWN, Outcome.HELD)

    results = await run(scripted, Path("/"), silent, only=ALL, keep_going=True)

    assert outcomes(results) == [Outcome.BROKEN, Outcome.UNKNOWN, Outcome.HELD]


async def test_stages_that_nobody_asked_for_are_skipped_and_not_prepared() -> None:
    scripted, log = stages(Outcome.HELD, Outcome.HELD, Outcome.HELD)

    results = await run(scripted, Path("/"), silent, only=("one",))

    assert outcomes(results) == [Outcome.HELD, Outcome.SKIPPED, Outcome.SKIPPED]
    assert log == ["examine one"]


async def test_a_stage_that_could_not_run_is_unknown_and_says_why() -> None:
    error = SupervisionError("identity did not start", hint="look into its log")
    scripted, _ = stages(Outcome.HELD, error, Outcome.HELD)

    results = await run(scripted, Path("/"), silent, only=ALL)

    (reason,) = results[1].reasons
    assert results[1].outcome is Outcome.UNKNOWN
    assert (reason.kind, reason.message) == (
        ReasonKind.COULD_NOT_RUN,
        "identity did not start\nhint: look into its log",
    )


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        pytest.param("/shop/proto/a.proto:3:7", Location("proto/a.proto", 3, 7), id="line and column"),
        pytest.param("/shop/proto/a.proto:3", Location("proto/a.proto", 3), id="line"),
        pytest.param("/shop/proto/a.proto", Location("proto/a.proto"), id="file"),
        pytest.param("/other/a.proto:3:7", Location("/other/a.proto", 3, 7), id="outside the repository"),
        pytest.param("http://127.0.0.1:8080", Location("http://127.0.0.1", 8080), id="address"),
    ],
)
async def test_a_place_in_the_repository_is_told_from_its_root(where: str, expected: Location) -> None:
    scripted, _ = stages(InterfaceError("is broken", where=where), Outcome.HELD, Outcome.HELD)

    results = await run(scripted, Path("/shop"), silent, only=ALL)

    assert results[0].reasons[0].evidence == expected


async def test_whoever_listens_hears_every_stage_begin_and_end() -> None:
    scripted, _ = stages(Outcome.HELD, Outcome.BROKEN, Outcome.HELD)
    heard: list[StageStarted | StageFinished] = []

    await run(scripted, Path("/"), heard.append, only=ALL)

    started = [event.name for event in heard if isinstance(event, StageStarted)]
    finished = [event.result.name for event in heard if isinstance(event, StageFinished)]
    assert (started, finished) == (["one", "two"], ["one", "two", "three"])


@dataclass
class EndlessStage(ScriptedStage):
    """Never answers."""

    async def examine(self) -> StageResult:
        await asyncio.Event().wait()
        return StageResult(self.name, Outcome.HELD)


async def test_the_stage_that_uses_the_time_up_is_unknown_and_named() -> None:
    scripted = [ScriptedStage("one"), EndlessStage("two"), ScriptedStage("three")]

    results = await run(scripted, Path("/"), silent, only=ALL, seconds=0.1)

    assert outcomes(results) == [Outcome.HELD, Outcome.UNKNOWN, Outcome.SKIPPED]
    (reason,) = results[1].reasons
    assert reason.kind is ReasonKind.LIMIT
    assert "the gate did not end within 0.1 s: the stage 'two' began after" in reason.message


async def test_without_time_no_stage_holds() -> None:
    scripted = [EndlessStage("one"), EndlessStage("two"), EndlessStage("three")]

    results = await run(scripted, Path("/"), silent, only=ALL, keep_going=True, seconds=0.1)

    assert outcomes(results) == [Outcome.UNKNOWN] * 3
