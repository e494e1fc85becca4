"""Memory is bounded for a block of work."""

import subprocess
import sys

import pytest

from servanda.errors import LimitError
from servanda.processes import bounded_memory

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts the memory of a process so")

MORE = 400 << 20


def run(code: str) -> str:
    """In a process of its own: how much this one has taken is not known."""
    text = f"import subprocess, sys\nfrom servanda.processes import bounded_memory\n{code}"
    return subprocess.run([sys.executable, "-c", text], check=True, capture_output=True, text=True).stdout.strip()


def test_a_block_that_asks_for_more_ends_with_the_limit() -> None:
    code = (
        f"try:\n  with bounded_memory('check', 300 << 20): bytearray({MORE})\nexcept Exception as error: print(error)"
    )
    said = run(code)
    assert said.startswith("check took more than 314,572,800 bytes of memory")
    assert "raise 'memory_bytes' in [limits]" in said


def test_afterwards_everything_is_as_it_was() -> None:
    assert run(f"with bounded_memory('check', 300 << 20): pass\nprint(len(bytearray({MORE})))") == str(MORE)


def test_a_tool_that_is_started_within_is_bounded_as_well() -> None:
    child = f"[sys.executable, '-c', 'bytearray({MORE})']"
    code = f"with bounded_memory('check', 300 << 20): print(subprocess.run({child}, stderr=-3).returncode)"
    assert run(code) == "1"


def test_a_failure_of_another_kind_is_told_as_it_is() -> None:
    with pytest.raises(LookupError), bounded_memory("check", 1 << 40):
        raise LookupError


def test_a_limit_that_holds_already_is_not_loosened() -> None:
    code = (
        "with bounded_memory('outer', 300 << 20):\n  try:\n    with bounded_memory('inner', 600 << 20): "
        f"bytearray({MORE})\n  except MemoryError: print('refused')"
    )
    assert run(code) == "refused"


def test_its_key_is_told() -> None:
    with pytest.raises(LimitError) as failed, bounded_memory("check", 1 << 40):
        raise MemoryError
    assert failed.value.limit == "memory_bytes"
