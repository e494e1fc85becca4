from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from servanda.configuration import Configuration, Limits, load
from servanda.supervision import Plan, Running, start
from servanda.verdict import InteractionResult
from servanda.verification import verify
from tests.samples.library.contracts import Document, contract

LIBRARY = Path(__file__).parents[2] / "samples" / "library"
LIMITS = Limits(answer_seconds=2.0, state_seconds=2.0, event_seconds=2.0, settle_seconds=0.2)


@pytest.fixture(scope="session")
def configuration() -> Configuration:
    return load(LIBRARY / "servanda.toml")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def library(configuration: Configuration, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """The sample system, running."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "shelf").mkdir()
    environ = {**os.environ, "SHELF": f"{folder}/shelf", "FAULT": f"{folder}/fault"}
    plan = Plan(configuration, folder / "run", environ, stores={"kafka.bootstrap": "127.0.0.1:1"})
    async with start(plan) as running:
        yield running


def break_promise(library: Running, fault: str) -> None:
    Path(library.service("library").environment["FAULT"]).write_text(fault)


@pytest.fixture
def verified(
    configuration: Configuration, library: Running, tmp_path: Path
) -> Callable[..., Awaitable[tuple[InteractionResult, ...]]]:
    """Replays interactions against the sample system, with a fault in it or without."""

    async def run(*interactions: Document, fault: str = "") -> tuple[InteractionResult, ...]:
        if not library.service("library").alive:
            await library.service("library").restart()
        break_promise(library, fault)
        return await verify([contract(tmp_path, *interactions)], library, configuration, limits=LIMITS)

    return run
