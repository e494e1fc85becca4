"""Processes with code of providers, over several verifications."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from servanda.configuration import Limits, Service
from servanda.errors import ConfigurationError
from servanda.pact import ProviderState
from servanda.verification.provider_code import ProviderCode
from servanda.verification.states import StateError, open_ahead, open_states
from tests.unit.verification.handles import Handle, running

LIMITS = Limits()
USERS = Service("users", ("run",), states=("tests.unit.verification.sample_states:ageing",))


@pytest.fixture
async def code() -> AsyncIterator[ProviderCode]:
    async with ProviderCode(LIMITS) as opened:
        yield opened


async def _made_true(code: ProviderCode, *names: str, handle: Handle | None = None) -> Mapping[str, object]:
    async with open_states(running(handle or Handle(USERS)), ["users"], LIMITS, code) as states:
        made_true = [ProviderState(name) for name in names]
        try:
            return await states["users"].establish(made_true, 5)
        finally:
            await states["users"].tear_down(made_true)


def _runs(process: object) -> bool:
    try:
        os.kill(int(str(process)), 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_later_verification_goes_on_with_the_same_process(code: ProviderCode) -> None:
    first, second = await _made_true(code, "tells"), await _made_true(code, "tells")
    assert first["process"] == second["process"]


async def test_a_process_that_is_out_of_date_is_started_again(code: ProviderCode) -> None:
    before = await _made_true(code, "works once", "tells")
    after = await _made_true(code, "works once", "tells")
    assert before["process"] != after["process"]


async def test_a_state_that_fails_in_a_new_process_has_failed(code: ProviderCode) -> None:
    with pytest.raises(StateError, match="cached statement plan is invalid"):
        await _made_true(code, "works once", "works once")


async def test_a_process_that_holds_a_state_is_not_started_again(code: ProviderCode) -> None:
    await _made_true(code, "works once")
    with pytest.raises(StateError, match="cached statement plan is invalid"):
        await _made_true(code, "lasts", "works once")


async def test_the_processes_of_an_instance_that_is_gone_are_ended(code: ProviderCode) -> None:
    told = await _made_true(code, "tells")
    await code.keep([Handle(USERS)])
    assert _runs(told["process"])
    await code.keep([])
    assert not _runs(told["process"])


async def test_an_instance_that_was_started_otherwise_gets_a_process_of_its_own(code: ProviderCode) -> None:
    first, second = Handle(USERS, {"NAME": "first"}), Handle(USERS, {"NAME": "second"})
    told = await _made_true(code, "tells", handle=first)
    await code.keep([second])
    assert not _runs(told["process"])
    assert (await _made_true(code, "tells", handle=second))["name"] == "second"


async def test_all_processes_end_with_the_context() -> None:
    async with ProviderCode(LIMITS) as code:
        told = await _made_true(code, "tells")
    assert not _runs(told["process"])


async def test_what_was_opened_ahead_is_not_opened_again(code: ProviderCode) -> None:
    handle, before = Handle(USERS), _children()
    open_ahead(running(handle), "users", code)
    # It is needed before it is open.
    await _made_true(code, "tells", handle=handle)
    await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name().startswith("open ")))
    assert len(_children() - before) == 1


async def test_what_cannot_be_opened_ahead_is_told_to_who_needs_it(code: ProviderCode) -> None:
    handle = Handle(Service("users", ("run",), states=("tests.unit.verification.sample_states:missing",)))
    open_ahead(running(handle), "users", code)
    with pytest.raises(ConfigurationError, match="sample_states:missing"):
        await _made_true(code, "tells", handle=handle)


async def test_nothing_is_opened_ahead_while_a_dependency_does_not_run(code: ProviderCode) -> None:
    edge = Service("edge", ("run",), depends_on=("users",), states=USERS.states)
    open_ahead(running(Handle(edge)), "edge", code)
    assert not any(task.get_name().startswith("open ") for task in asyncio.all_tasks())


async def test_what_is_opened_ahead_meanwhile_ends_with_the_context() -> None:
    handle, before = Handle(USERS), _children()
    async with ProviderCode(LIMITS) as code:
        open_ahead(running(handle), "users", code)
        while not (seen := _children() - before):  # noqa: ASYNC110 - the other side is a process
            await asyncio.sleep(0)
    assert not any(_runs(process) for process in seen)


def _children() -> set[int]:
    threads = Path("/proc/self/task").iterdir()
    return {int(pid) for thread in threads for pid in (thread / "children").read_text().split()}
