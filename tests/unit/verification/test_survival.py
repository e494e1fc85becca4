from __future__ import annotations

import asyncio
from pathlib import Path

from servanda.configuration import Service
from servanda.verdict import Location, Reason, ReasonKind
from servanda.verification.survival import Survival
from tests.unit.verification.handles import Handle

MISMATCH = Reason(ReasonKind.MISMATCH, "the status is 503")
NO_CONNECTION = Reason(ReasonKind.TRANSPORT, "connection refused")


def _handle(name: str, log: Path = Path("log")) -> Handle:
    return Handle(Service(name, ("run",)), log=log)


async def _gives(*reasons: Reason) -> tuple[Reason, ...]:
    return reasons


async def test_reasons_stand_while_everything_lives() -> None:
    assert await Survival("edge", [_handle("edge")]).during(_gives(MISMATCH)) == (MISMATCH,)


async def test_a_death_ends_the_wait_for_an_answer(tmp_path: Path) -> None:
    log = tmp_path / "edge.log"
    log.write_text("serving\nout of memory\n\n")
    handle = _handle("edge", log)

    async def dies() -> tuple[Reason, ...]:
        handle.alive, handle.exit_code, handle.lines = False, 137, ("serving", "out of memory", "")
        await asyncio.Event().wait()
        return ()

    assert await Survival("edge", [handle]).during(dies()) == (
        Reason(
            ReasonKind.PROVIDER_DIED,
            "the provider 'edge' ended by signal SIGKILL during the verification; its last line: out of memory",
            evidence=Location(str(log), 3),
        ),
    )


async def test_a_broken_connection_gives_a_death_time_to_show() -> None:
    handle = _handle("edge")

    async def breaks() -> tuple[Reason, ...]:
        asyncio.get_running_loop().call_later(0.1, setattr, handle, "alive", False)
        return (NO_CONNECTION,)

    (reason,) = await Survival("edge", [handle]).during(breaks())
    assert reason.kind is ReasonKind.PROVIDER_DIED


async def test_the_death_of_a_dependency_is_not_held_against_the_provider() -> None:
    backend = _handle("users")
    backend.alive = False
    (reason,) = await Survival("edge", [backend, _handle("edge")]).during(_gives(MISMATCH))
    assert reason.kind is ReasonKind.PROVIDER_DIED
    assert reason.message == "'users', which 'edge' depends on, ended during the verification"


async def test_nobody_waits_for_the_end_of_what_runs_elsewhere() -> None:
    handle = _handle("edge")
    handle.pid, handle.alive = 0, False  # as it would be after a wait
    assert await Survival("edge", [handle]).during(_gives(NO_CONNECTION)) == (NO_CONNECTION,)
