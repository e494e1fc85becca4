"""A process ends, whatever code of the tree began in it."""

import subprocess
import sys

import pytest

END = "import asyncio, sys, threading, time\nfrom servanda.cli import ending\nending._LINGERING_SECONDS = 0.2\n"
STUBBORN = """
async def stubborn():
    while True:
        try: await asyncio.sleep(100)
        except asyncio.CancelledError: pass
"""


def ended(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", END + code], capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.parametrize(
    "left",
    [
        pytest.param("asyncio.create_task(stubborn()); await asyncio.sleep(0)", id="task"),
        pytest.param("asyncio.create_task(asyncio.to_thread(time.sleep, 100)); await asyncio.sleep(0.1)", id="thread"),
        pytest.param("threading.Thread(target=time.sleep, args=[100]).start()", id="thread of its own"),
    ],
)
def test_what_was_left_behind_keeps_neither_answer_nor_process(left: str) -> None:
    ran = ended(
        f"{STUBBORN}\nasync def main():\n    {left}\n    return 7\n"
        "print(ending.run(main()))\nending.end_in_any_case(1)\nsys.exit(1)"
    )
    assert (ran.stdout, ran.returncode) == ("7\n", 1)


def test_without_leftovers_the_end_is_the_usual_one() -> None:
    ran = ended("async def main(): return 7\nprint(ending.run(main()))\nending.end_in_any_case(0)")
    assert (ran.stdout, ran.stderr, ran.returncode) == ("7\n", "", 0)


def test_sigterm_ends_even_who_was_told_to_ignore_an_interrupt() -> None:
    ran = ended(
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "with ending.terminable() as came:\n"
        "    try: signal.raise_signal(signal.SIGTERM)\n    except KeyboardInterrupt: print(came())"
    )
    assert ran.stdout == "True\n"
