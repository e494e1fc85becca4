import json
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog

from platformkit.lifecycle import Settings
from platformkit.lifecycle.application import Application
from platformkit.service import run


@pytest.fixture(autouse=True)
def logging_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


@asynccontextmanager
async def _application(_: Settings) -> AsyncIterator[Application]:
    yield Application()


def _run(environ: Mapping[str, str], *arguments: str, migrations: Path | None = None) -> int:
    return run("audit", lambda: _application, migrations=migrations, arguments=arguments, environ=environ)


def _last_line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return line


@pytest.mark.parametrize(
    ("environ", "arguments", "what"),
    [
        pytest.param({}, (), "audit needs HTTP_PORT, which is not set", id="setting missing"),
        pytest.param(
            {"HTTP_PORT": "x"}, (), "HTTP_PORT: expected a port from 1 to 65535, found 'x'", id="setting wrong"
        ),
        pytest.param({}, ("start",), "audit does not know 'start'", id="unknown argument"),
        pytest.param({}, ("migrate",), "audit has no schema to migrate", id="nothing to migrate"),
    ],
)
def test_what_keeps_a_service_from_starting_is_its_last_line_and_exit_code_2(
    environ: dict[str, str], arguments: tuple[str, ...], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(environ, *arguments) == 2
    line = _last_line(capsys)
    assert (line["event"], line["what"]) == ("cannot start", what)
    assert line["hint"]


def test_a_service_has_commands_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []

    async def greet(settings: Settings) -> None:
        told.append(settings.name)

    def run_with(*arguments: str) -> int:
        return run("audit", lambda: _application, commands={"greet": greet}, arguments=arguments, environ={})

    assert (run_with("greet"), told) == (0, ["audit"])
    assert run_with("great") == 2
    assert _last_line(capsys)["hint"] == "give no argument to serve, or migrate or greet"


def test_a_database_that_is_away_ends_a_migration_with_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = {"POSTGRES_ADMIN_DSN": "postgresql://postgres@127.0.0.1:1/plt"}
    assert _run(environ, "migrate", migrations=tmp_path) == 2
    line = _last_line(capsys)
    assert line["what"].startswith("cannot migrate schema 'audit': connection")
    assert line["hint"] == "is PostgreSQL up at POSTGRES_ADMIN_DSN?"
