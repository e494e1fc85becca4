from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from servanda.configuration import Limits, Service
from servanda.errors import ConfigurationError
from servanda.pact import ProviderState
from servanda.supervision import Source
from servanda.verdict import ReasonKind
from servanda.verification.states import StateError, States, open_states
from tests.unit.verification.handles import Handle, running, system


def _service(name: str, *states: str, depends_on: tuple[str, ...] = ()) -> Service:
    return Service(name, ("run",), states=states, depends_on=depends_on)


async def _answers(params: Mapping[str, object]) -> Mapping[str, object]:
    return {"id": 7}


async def _hangs(params: Mapping[str, object]) -> None:
    await asyncio.Event().wait()


SAMPLES = "tests.unit.verification.sample_states"
NAMED = f"{SAMPLES}:named_after_environment"
HOLDING = f"{SAMPLES}:holding"
UNRULY = f"{SAMPLES}:unruly"
ENDING = "tests.unit.verification.ending_states"


async def test_what_a_handler_returns_wins_over_what_it_was_given() -> None:
    states = States({"a": _answers})
    assert await states.establish([ProviderState("a", {"id": 1, "size": 2})], 1) == {"id": 7, "size": 2}


async def test_nothing_is_done_before_every_state_has_a_handler() -> None:
    done = []

    async def first(params: Mapping[str, object]) -> None:
        done.append("first")

    with pytest.raises(StateError) as raised:
        await States({"first": first}).establish([ProviderState("first"), ProviderState("second")], 1)
    assert raised.value.reason.kind is ReasonKind.STATE_MISSING
    assert done == []


async def test_a_state_that_takes_too_long_has_failed() -> None:
    with pytest.raises(StateError) as raised:
        await States({"a": _hangs}).establish([ProviderState("a")], 0.01)
    assert raised.value.reason.message == "the provider state 'a' took longer than 0.01 s"


async def test_states_get_the_environment_of_their_service() -> None:
    async with open_states(system(_service("users", NAMED)), ["users"]) as states:
        assert set(states["users"].handlers) == {"users is ready"}


async def test_states_of_a_dependency_get_its_environment() -> None:
    edge = system(_service("users", NAMED), _service("edge", NAMED, depends_on=("users",)))
    async with open_states(edge, ["edge"]) as states:
        assert set(states["edge"].handlers) == {"users is ready"}


async def test_states_that_cannot_be_opened_fail_the_interactions_that_need_them() -> None:
    async with open_states(system(_service("users", f"{SAMPLES}:unavailable")), ["users"]) as states:
        with pytest.raises(StateError) as raised:
            await states["users"].establish([ProviderState("a")], 1)
        assert raised.value.reason.kind is ReasonKind.STATE_FAILED
        assert "ConnectionError: no database" in raised.value.reason.message
        assert await states["users"].establish([], 1) == {}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("not_asynchronous", "_GeneratorContextManager"),
        ("not_decorated", "async_generator"),
        ("a_coroutine", "coroutine"),
        ("a_mapping", "dict"),
    ],
)
async def test_states_that_are_no_asynchronous_context_are_told_how_to_be_one(name: str, kind: str) -> None:
    async with open_states(system(_service("users", f"{SAMPLES}:{name}")), ["users"]) as states:
        with pytest.raises(StateError) as raised:
            await states["users"].establish([ProviderState("a")], 1)

    message = raised.value.reason.message
    assert f"it returned a value of type {kind}, expected an asynchronous context manager" in message
    assert "'@asynccontextmanager'" in message


async def test_two_handlers_for_one_state_are_refused() -> None:
    edge = system(_service("users", NAMED, f"{SAMPLES}:again"))
    with pytest.raises(ConfigurationError, match="the state 'users is ready' has two handlers"):
        async with open_states(edge, ["users"]):
            pass


@pytest.mark.parametrize("source", ["no_such_module:states", f"{SAMPLES}:nothing", "json", f"{SAMPLES}:NUMBER"])
async def test_states_that_cannot_be_imported_are_refused(source: str) -> None:
    with pytest.raises(ConfigurationError, match="the provider states"):
        async with open_states(system(_service("users", source)), ["users"]):
            pass


async def test_states_whose_process_ends_are_told_with_its_last_line() -> None:
    async with open_states(system(_service("users", f"{SAMPLES}:ends")), ["users"]) as states:
        (reason,) = states["users"].failures
    assert "their process ended with code 1; its last line: no such database" in reason.message


async def test_the_error_of_a_handler_is_told_as_its_own() -> None:
    async with open_states(system(_service("users", UNRULY)), ["users"]) as states:
        with pytest.raises(StateError) as raised:
            await states["users"].establish([ProviderState("fails", {"what": "shelves"})], 5)
    assert raised.value.reason.message == "the provider state 'fails' failed: RuntimeError: out of shelves"


async def test_a_state_that_its_handler_holds_lasts_until_it_is_undone() -> None:
    away, tells = ProviderState("is away", {"what": "audit"}), ProviderState("tells")
    async with open_states(system(_service("users", HOLDING)), ["users"]) as opened:
        states = opened["users"]
        assert await states.establish([away], 5) == {"what": "audit", "id": 7}
        assert (await states.establish([tells], 5))["events"] == ["audit leaves"]
        assert await states.tear_down([away, tells]) == ()
        assert (await states.establish([tells], 5))["events"] == ["audit leaves", "audit returns"]
        assert await states.tear_down([away]) == ()


async def test_states_are_undone_in_the_reverse_order() -> None:
    first, second = (ProviderState("is away", {"what": what}) for what in ("audit", "auth"))
    async with open_states(system(_service("users", HOLDING)), ["users"]) as opened:
        await opened["users"].establish([first, second], 5)
        await opened["users"].tear_down([first, second])
        told = await opened["users"].establish([ProviderState("tells")], 5)
    assert told["events"] == ["audit leaves", "auth leaves", "auth returns", "audit returns"]


@pytest.mark.parametrize(
    ("state", "why"),
    [("stays away", "RuntimeError: gone for good"), ("hangs on", "it took longer than 0.5 s")],
)
async def test_a_state_that_cannot_be_undone_is_told(state: str, why: str) -> None:
    async with open_states(system(_service("users", HOLDING)), ["users"], Limits(state_seconds=0.5)) as opened:
        await opened["users"].establish([ProviderState(state)], 5)
        (reason,) = await opened["users"].tear_down([ProviderState(state)])
        assert reason.message == f"the provider state '{state}' could not be undone: {why}"
        assert await opened["users"].establish([ProviderState("tells")], 5) == {"events": []}


async def test_a_held_state_gives_a_mapping_or_nothing() -> None:
    async with open_states(system(_service("users", HOLDING)), ["users"]) as opened:
        with pytest.raises(StateError, match="a value of type int, expected a mapping or None"):
            await opened["users"].establish([ProviderState("counts")], 5)


async def test_the_death_of_a_handler_fails_its_state_and_none_after_it() -> None:
    async with open_states(system(_service("users", UNRULY)), ["users"]) as states:
        with pytest.raises(StateError) as raised:
            await states["users"].establish([ProviderState("dies")], 5)
        assert "their process ended with code 9; its last line: out of memory" in raised.value.reason.message
        assert (await states["users"].establish([ProviderState("tells")], 5))["done"] == []


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("leaves", "SystemExit: 0"),
        ("interrupts", "KeyboardInterrupt"),
        ("cancels", "CancelledError"),
        ("counts", "TypeError: it returned a value of type int, expected a mapping or None"),
        ("is_no_number", "ValueError: Out of range float values are not JSON compliant"),
        ("cannot_say", "SpeechlessError, whose text cannot be told"),
        ("kills", "their process ended with code 3"),
    ],
)
async def test_however_a_handler_ends_it_fails_its_own_state_alone(state: str, message: str) -> None:
    async with open_states(system(_service("users", f"{ENDING}:states")), ["users"]) as states:
        with pytest.raises(StateError) as raised:
            await states["users"].establish([ProviderState(state)], 5)
        assert raised.value.reason.kind is ReasonKind.STATE_FAILED
        assert raised.value.reason.message == f"the provider state '{state}' failed: {message}"
        assert await states["users"].establish([ProviderState("at_once")], 5) == {"id": 7}


@pytest.mark.parametrize("state", ["stops_later", "cancels_all"])
async def test_what_a_state_left_behind_does_not_cost_the_next_one(state: str) -> None:
    async with open_states(system(_service("users", f"{ENDING}:states")), ["users"]) as states:
        with contextlib.suppress(StateError):
            await states["users"].establish([ProviderState(state)], 5)
        for _ in range(3):
            assert await states["users"].establish([ProviderState("at_once")], 5) == {"id": 7}


async def test_a_state_that_ends_a_process_is_blamed_after_others_that_did_not() -> None:
    async with open_states(system(_service("users", f"{ENDING}:states")), ["users"]) as states:
        await states["users"].establish([ProviderState("at_once")], 5)
        with pytest.raises(StateError, match="'kills' failed: their process ended with code 3"):
            await states["users"].establish([ProviderState("kills")], 5)


async def test_the_child_of_a_handler_answers_nobody() -> None:
    async with open_states(system(_service("users", f"{ENDING}:states")), ["users"]) as states:
        for state in ("forks", "at_once", "forks", "at_once"):
            assert await states["users"].establish([ProviderState(state)], 5) == {"id": 7}


@pytest.mark.parametrize("state", ["blocks", "keeps_on"])
async def test_a_handler_that_does_not_let_go_does_not_cost_the_next_state(state: str) -> None:
    async with open_states(system(_service("users", f"{ENDING}:states")), ["users"]) as states:
        with pytest.raises(StateError, match="took longer than"):
            await states["users"].establish([ProviderState(state)], 0.2)
        assert await states["users"].establish([ProviderState("at_once")], 5) == {"id": 7}


async def test_what_a_handler_prints_is_no_answer_and_reaches_no_output(capfd: pytest.CaptureFixture[str]) -> None:
    async with open_states(system(_service("users", f"{ENDING}:states")), ["users"]) as states:
        assert await states["users"].establish([ProviderState("prints"), ProviderState("at_once")], 5) == {"id": 7}
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("listed", "TypeError: its context gave a list, expected a mapping of handlers by state name"),
        ("never_open", "it took longer than 0.5 s (limit 'state_seconds')"),
    ],
)
async def test_a_context_that_gives_no_handlers_is_told(source: str, message: str) -> None:
    users = system(_service("users", f"{ENDING}:{source}"))
    async with open_states(users, ["users"], Limits(state_seconds=0.5)) as states:
        (reason,) = states["users"].failures
    assert reason.message == f"the provider states of {ENDING}:{source} could not be opened: {message}"


async def test_a_context_that_opens_only_once_is_not_tried_for_ever(tmp_path: Path) -> None:
    service = _service("users", f"{ENDING}:open_once")
    async with open_states(running(Handle(service, {"MARK": str(tmp_path / "mark")})), ["users"]) as states:
        with pytest.raises(StateError, match="their process ended with code 3"):
            await states["users"].establish([ProviderState("kills")], 5)
        for _ in range(2):
            with pytest.raises(StateError, match="could not be started again: FileExistsError"):
                await states["users"].establish([ProviderState("kills")], 5)


async def test_a_handler_that_takes_too_long_is_cancelled_before_the_next_one() -> None:
    async with open_states(system(_service("users", UNRULY)), ["users"]) as states:
        with pytest.raises(StateError):
            await states["users"].establish([ProviderState("hangs")], 0.2)
        told = await states["users"].establish([ProviderState("tells")], 5)
    assert told["done"] == ["cancelled"]


async def test_values_that_json_does_not_know_arrive_as_text() -> None:
    async with open_states(system(_service("users", UNRULY)), ["users"]) as states:
        told = await states["users"].establish([ProviderState("tells")], 5)
    assert told["id"] == "00000000-0000-0000-0000-000000000007"


async def test_each_version_brings_its_own_states(tmp_path: Path) -> None:
    handles = []
    for version in ("1", "2"):
        folder = tmp_path / version
        folder.mkdir()
        (folder / "shop_states.py").write_text(VERSIONED.format(version=version))
        handles.append(
            Handle(
                _service("shop", "shop_states:states"), {}, version=version, source=Source(folder, f"commit {version}")
            )
        )
    async with open_states(running(*handles), ["shop@1", "shop@2"]) as states:
        told = [await states[name].establish([ProviderState("open")], 5) for name in ("shop@1", "shop@2")]
    assert told == [{"version": v, "folder": str(tmp_path / v)} for v in ("1", "2")]


VERSIONED = """
import contextlib, os

@contextlib.asynccontextmanager
async def states(environ):
    async def open(params):
        return {{"version": "{version}", "folder": os.getcwd()}}
    yield {{"open": open}}
"""
