from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import httpx2
import pytest

from servanda.configuration import Limits, Service
from servanda.errors import SupervisionError
from servanda.supervision import Event, Exited, Migrated, Output, Plan, Ready, Started, Stopped, start

Server = Callable[..., Service]
Plans = Callable[..., Plan]


async def _get(url: str) -> httpx2.Response:
    async with httpx2.AsyncClient(trust_env=False) as client:
        return await client.get(url)


async def test_a_started_service_answers_at_its_address(server: Server, plan: Plans) -> None:
    async with start(plan(server("a"))) as running:
        assert (await _get(f"http://{running.address('a', 'http')}/")).status_code == 200


async def test_overrides_win_over_the_configured_environment(server: Server, plan: Plans) -> None:
    async with start(plan(server("a"), overrides={"a": {"GREETING": "hello {namespace}"}}, namespace="n1")) as running:
        assert (await _get(f"http://{running.address('a', 'http')}/")).text == "hello n1"


async def test_no_service_outlives_the_system(server: Server, plan: Plans) -> None:
    async with start(plan(server("a"))) as running:
        service = running.service("a")
    assert not service.alive
    with pytest.raises(httpx2.ConnectError):
        await _get(f"http://{running.address('a', 'http')}/")


async def test_services_start_after_and_stop_before_what_they_depend_on(server: Server, plan: Plans) -> None:
    events: list[Event] = []
    async with start(plan(server("edge", depends_on=("users",)), server("users")), events.append):
        pass
    order = [(type(event), event.instance) for event in events if not isinstance(event, Output)]
    assert order == [
        (Started, "users"),
        (Ready, "users"),
        (Started, "edge"),
        (Ready, "edge"),
        (Stopped, "edge"),
        (Stopped, "users"),
    ]


async def test_a_service_is_drained_with_its_output_read_to_the_end(server: Server, plan: Plans) -> None:
    events: list[Event] = []
    async with start(plan(server("a")), events.append) as running:
        log = running.service("a").log
    assert [event.line for event in events if isinstance(event, Output)] == ["serving", "draining"]
    assert log.read_text() == "serving\ndraining\n"


async def test_a_service_that_does_not_drain_in_time_is_killed(server: Server, plan: Plans) -> None:
    events: list[Event] = []
    stubborn = server("a", drain_seconds=0.1, environment={"HTTP_PORT": "{port.http}", "STUBBORN": "1"})
    async with start(plan(stubborn), events.append):
        pass
    assert [event.killed for event in events if isinstance(event, Stopped)] == [True]


async def test_the_schema_is_migrated_before_the_start(server: Server, plan: Plans) -> None:
    events: list[Event] = []
    async with start(plan(server("a", migrate=("{python}", "-c", "print('migrating')"))), events.append):
        pass
    assert [event.instance for event in events if isinstance(event, Migrated)] == ["a"]
    assert Output("a", "migrating") == events[0]


async def test_the_rights_of_a_migration_do_not_reach_the_process(server: Server, plan: Plans) -> None:
    service = server(
        "a",
        migrate=("{python}", "-c", "import os; print(sorted({'ADMIN', 'HTTP_PORT'} & set(os.environ)))"),
        migrate_environment={"ADMIN": "postgresql://admin@{postgres.host}"},
    )
    async with start(plan(service, stores={"postgres.host": "127.0.0.1"})) as running:
        handle = running.service("a")
        assert "ADMIN" not in handle.environment
        assert (handle.log.parent / "migrations" / "a.log").read_text() == "['ADMIN']\n"


async def test_a_migration_without_an_environment_of_its_own_gets_that_of_the_process(
    server: Server, plan: Plans
) -> None:
    async with start(
        plan(server("a", migrate=("{python}", "-c", "import os; print('HTTP_PORT' in os.environ)")))
    ) as running:
        assert (running.service("a").log.parent / "migrations" / "a.log").read_text() == "True\n"


async def test_a_failed_migration_is_told_with_its_output(server: Server, plan: Plans) -> None:
    failing = server("a", migrate=("{python}", "-c", "import sys; sys.exit('no such schema')"))
    with pytest.raises(SupervisionError, match=r"'a' its migration ended with code 1(.|\n)*no such schema"):
        async with start(plan(failing)):
            pass


async def test_a_service_that_dies_at_the_start_is_told_with_its_last_lines(server: Server, plan: Plans) -> None:
    failing = server("a", environment={"HTTP_PORT": "{port.http}", "FAIL": "1"})
    with pytest.raises(SupervisionError, match=r"ended with code 1 before it was ready(.|\n)*no configuration"):
        async with start(plan(failing)):
            pass


async def test_a_service_that_never_answers_is_told_after_its_time(server: Server, plan: Plans) -> None:
    silent = server("a", command=("{python}", "-c", "import signal; signal.pause()"))
    with pytest.raises(SupervisionError, match=r"was not ready within 0\.2 s \(limits\.ready_seconds\): http://127"):
        async with start(plan(silent, limits=Limits(ready_seconds=0.2))):
            pass


async def test_the_time_of_a_service_wins_over_the_limit(server: Server, plan: Plans) -> None:
    silent = server("a", command=("{python}", "-c", "import signal; signal.pause()"), ready_seconds=0.2)
    with pytest.raises(SupervisionError, match=r"was not ready within 0\.2 s \(services\.a\.ready_seconds\)"):
        async with start(plan(silent)):
            pass


async def test_what_the_probe_saw_last_is_told(server: Server, plan: Plans) -> None:
    silent = server("a", command=("{python}", "-c", "import signal; signal.pause()"), ready="")
    with pytest.raises(SupervisionError, match=r"not all its ports are open; seen last: port \d+ is closed"):
        async with start(plan(silent, limits=Limits(ready_seconds=0.5))):
            pass


async def test_the_failure_of_one_service_stops_the_others(server: Server, plan: Plans) -> None:
    events: list[Event] = []
    failing = server("b", depends_on=("a",), environment={"HTTP_PORT": "{port.http}", "FAIL": "1"})
    with pytest.raises(SupervisionError, match="'b'"):
        async with start(plan(server("a"), failing), events.append):
            pass
    assert [event.instance for event in events if isinstance(event, Stopped)] == ["a"]


async def test_a_program_that_is_not_there_is_named(server: Server, plan: Plans) -> None:
    with pytest.raises(SupervisionError, match="'no-such-program' cannot be found"):
        async with start(plan(server("a", command=("no-such-program",)))):
            pass


async def test_a_fixed_port_that_is_taken_is_refused_before_the_start(server: Server, plan: Plans) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(SupervisionError, match=f"port {port} for 'http' is already in use"):
            async with start(plan(server("a"), ports={("a", "http"): port})):
                pass


async def test_a_death_is_reported_with_exit_code_and_last_lines(server: Server, plan: Plans) -> None:
    events: list[Event] = []
    async with start(plan(server("a")), events.append) as running:
        with pytest.raises(httpx2.RemoteProtocolError):
            await _get(f"http://{running.address('a', 'http')}/die")
        await asyncio.wait_for(running.service("a").ended(), 5)
        assert not running.service("a").alive
        assert running.service("a").exit_code == 3
    assert [event for event in events if isinstance(event, Exited)] == [Exited("a", 3, ("serving", "last words"))]


async def test_a_killed_service_starts_again_at_the_same_address(server: Server, plan: Plans) -> None:
    async with start(plan(server("a"))) as running:
        address = running.address("a", "http")
        await running.service("a").kill()
        assert not running.service("a").alive
        await running.service("a").restart()
        assert (await _get(f"http://{address}/")).status_code == 200


async def test_what_a_dead_process_left_behind_does_not_hide_its_death(server: Server, plan: Plans) -> None:
    child = "subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'])"
    leaving = server("a", command=("{python}", "-c", f"import subprocess, sys; {child}; sys.exit(4)"))
    with pytest.raises(SupervisionError, match="ended with code 4"):
        async with start(plan(leaving)):
            pass


async def test_a_service_without_ready_url_is_ready_when_its_ports_accept(server: Server, plan: Plans) -> None:
    async with start(plan(server("a", ready=""))) as running:
        assert (await _get(f"http://{running.address('a', 'http')}/")).status_code == 200


async def test_a_service_that_floods_its_output_before_it_is_ready_is_told_shortly(server: Server, plan: Plans) -> None:
    flood = server("a", command=("{python}", "-c", "import os\nfor _ in range(30): os.write(1, b'x' * 1_000_000)"))
    small = plan(flood, limits=Limits(log_bytes=1_000_000))
    with pytest.raises(SupervisionError) as failed:
        async with start(small):
            pass
    assert len(str(failed.value)) < 2_000
    assert sum(path.stat().st_size for path in (small.folder / "logs").iterdir()) <= 1_000_000


async def test_a_migration_that_never_ends_is_told_after_its_time(server: Server, plan: Plans) -> None:
    waiting = server("a", migrate=("{python}", "-c", "import signal; signal.pause()"))
    with pytest.raises(SupervisionError, match=r"did not end within 0\.5 s \(limits\.migrate_seconds\)"):
        async with start(plan(waiting, limits=Limits(migrate_seconds=0.5))):
            pass
