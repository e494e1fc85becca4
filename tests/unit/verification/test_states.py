from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from servanda.configuration import Service
from servanda.errors import ConfigurationError
from servanda.pact import ProviderState
from servanda.verdict import ReasonKind
from servanda.verification.states import Handler, StateError, States, open_states
from tests.unit.verification.handles import system


def _service(name: str, *states: str, depends_on: tuple[str, ...] = ()) -> Service:
    return Service(name, ("run",), states=states, depends_on=depends_on)


async def _answers(params: Mapping[str, object]) -> Mapping[str, object]:
    return {"id": 7}


async def _hangs(params: Mapping[str, object]) -> None:
    await asyncio.Event().wait()


@asynccontextmanager
async def named_after_environment(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Handler]]:
    yield {f"{environ['NAME']} is ready": _answers}


@asynccontextmanager
async def unavailable(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Handler]]:
    raise ConnectionError("no database")
    yield {}


NAMED = f"{__name__}:named_after_environment"
UNAVAILABLE = f"{__name__}:unavailable"
ROOT = Path.cwd()


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
    async with open_states(system(_service("users", NAMED)), ["users"], ROOT) as states:
        assert set(states["users"].handlers) == {"users is ready"}


async def test_states_of_a_dependency_get_its_environment() -> None:
    edge = system(_service("users", NAMED), _service("edge", NAMED, depends_on=("users",)))
    async with open_states(edge, ["edge"], ROOT) as states:
        assert set(states["edge"].handlers) == {"users is ready"}


async def test_states_that_cannot_be_opened_fail_the_interactions_that_need_them() -> None:
    async with open_states(system(_service("users", UNAVAILABLE)), ["users"], ROOT) as states:
        with pytest.raises(StateError) as raised:
            await states["users"].establish([ProviderState("a")], 1)
        assert raised.value.reason.kind is ReasonKind.STATE_FAILED
        assert "ConnectionError: no database" in raised.value.reason.message
        assert await states["users"].establish([], 1) == {}


async def test_two_handlers_for_one_state_are_refused() -> None:
    edge = system(_service("users", NAMED, f"{__name__}:again"))
    with pytest.raises(ConfigurationError, match="offer the state 'users is ready'"):
        async with open_states(edge, ["users"], ROOT):
            pass


again = named_after_environment


@pytest.mark.parametrize("source", ["no_such_module:states", f"{__name__}:nothing", "json", f"{__name__}:NAMED"])
async def test_states_that_cannot_be_imported_are_refused(source: str) -> None:
    with pytest.raises(ConfigurationError, match="the provider states"):
        async with open_states(system(_service("users", source)), ["users"], ROOT):
            pass
