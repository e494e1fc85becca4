"""Mixed-version runs that cannot come to an end: what is said, and what is left."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from servanda.infra import Endpoints
from tests.integration.services.forwarding import Forwarder
from tests.integration.versions.conftest import EXECUTABLE, Servanda
from tests.integration.waiting import eventually

LIVE = ("versions", "--live", "v1", "--order", "provider-first")


async def started(shop: Path, environ: Mapping[str, str]) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(EXECUTABLE, *LIVE, cwd=shop, env=environ, stdout=pipe, stderr=pipe)


async def until_said(process: asyncio.subprocess.Process, text: str) -> None:
    assert process.stderr is not None
    async with asyncio.timeout(120):
        async for line in process.stderr:
            if text in line.decode():
                return
    raise AssertionError(f"it ended without saying {text!r}")


def running_in(folder: Path) -> list[str]:
    """Return the identifiers of the processes that run in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            if (process / "cwd").readlink().is_relative_to(folder):
                found.append(process.name)
    return found


def require_nothing_left(shop: Path) -> None:
    eventually(lambda: running_in(shop), until=lambda left: not left, seconds=10)


def checkouts(shop: Path) -> list[str]:
    return [path.name for path in (shop / ".servanda" / "builds").glob("*/")]


async def test_a_store_that_dies_in_a_step_says_nothing_about_the_versions(
    shop: Path, environ: Mapping[str, str], servanda_endpoints: Endpoints
) -> None:
    redis = servanda_endpoints.redis
    async with Forwarder(redis.host, redis.port) as way:
        url = redis.url.replace(f"{redis.host}:{redis.port}", f"127.0.0.1:{way.port}")
        process = await started(shop, {**environ, "REDIS_URL": url})
        await until_said(process, "step 1 held")
        await way.cut()
        output, errors = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 2, (output + errors).decode()
    assert b"redis died during the run" in output + errors
    require_nothing_left(shop)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
async def test_an_interrupted_run_leaves_nothing(
    shop: Path, environ: Mapping[str, str], number: signal.Signals, code: int
) -> None:
    process = await started(shop, environ)
    await until_said(process, "step 1 all old")
    eventually(lambda: running_in(shop), until=lambda running: len(running) > 1, seconds=60)
    process.send_signal(number)
    output, errors = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, output) == (code, b""), errors.decode()
    require_nothing_left(shop)


async def test_an_interrupted_build_leaves_no_checkout(shop: Path, environ: Mapping[str, str]) -> None:
    waiting = [sys.executable, "-c", "import threading; open('begun', 'w'); threading.Event().wait()"]
    build_by(shop, f"{waiting!r}")
    process = await started(shop, environ)
    eventually(lambda: list(shop.glob(".servanda/builds/*/tree/begun")), until=bool, seconds=60)
    process.send_signal(signal.SIGTERM)
    _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, checkouts(shop)) == (143, []), errors.decode()
    require_nothing_left(shop)


def test_a_version_that_does_not_build_leaves_no_checkout(shop: Path, servanda: Servanda) -> None:
    build_by(shop, f"[{sys.executable!r}, '-c', 'print(17); raise SystemExit(3)']")
    done = servanda("--live", "v1")
    assert (done.returncode, checkouts(shop)) == (2, []), done.stderr
    assert "the version could not be built: code 3" in done.stderr
    assert "17" in done.stderr


def build_by(shop: Path, command: str) -> None:
    configuration = shop / "servanda.toml"
    configuration.write_text(configuration.read_text().replace("[versions]", f"[versions]\nbuild = {command}"))
