"""Work beside the loop of events."""

import asyncio
import contextvars
import subprocess
import sys

import pytest

from servanda.gate.background import in_background


async def test_the_answer_comes_back() -> None:
    assert await in_background(lambda: 7, "seven") == 7


async def test_a_failure_comes_back() -> None:
    def fail() -> None:
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        await in_background(fail, "failing")


async def test_the_context_goes_along() -> None:
    said = contextvars.ContextVar("said", default="nothing")
    said.set("this")
    assert await in_background(said.get, "asking") == "this"


def test_work_that_does_not_end_does_not_keep_the_process() -> None:
    code = (
        "import asyncio, threading\nfrom servanda.gate.background import in_background\n"
        "async def main():\n  async with asyncio.timeout(0.1):\n"
        "    await in_background(threading.Event().wait, 'for ever', clearing_up_seconds=0.1)\n"
        "try: asyncio.run(main())\nexcept TimeoutError: print('over')"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, timeout=30).stdout == b"over\n"
    )


async def test_who_does_not_wait_any_more_is_not_told() -> None:
    waiting = asyncio.create_task(in_background(lambda: None, "quick"))
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
