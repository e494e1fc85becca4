"""Start-up times beside those of a bare interpreter: ``python -m bench.startup --repetitions 9``.

Every repetition runs all of them in turn, so that load on the machine hits all alike.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", ".", "test_it.py")
COMMANDS: Mapping[str, Sequence[str]] = {
    "python": ("-c", "pass"),
    "import servanda": ("-c", "import servanda"),
    "servanda --help": ("-m", "servanda", "--help"),
    "pytest": _PYTEST,
    "pytest with the plugin": (*_PYTEST, "-p", "servanda.pytest_plugin"),
}


def measure(arguments: Sequence[str], folder: Path) -> tuple[float, float]:
    """Return wall and processor seconds of one run of Python."""
    before, began = os.times(), time.perf_counter()
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    subprocess.run([sys.executable, *arguments], cwd=folder, env=alone, check=True, stdout=subprocess.DEVNULL)
    took, after = time.perf_counter() - began, os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return took, used


def main() -> None:
    """Print the median of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=9)
    repetitions: int = parser.parse_args().repetitions
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_it.py").write_text("def test_it():\n    pass\n", encoding="utf-8")
        rounds = [
            {each: measure(arguments, folder) for each, arguments in COMMANDS.items()} for _ in range(repetitions)
        ]
    for each in COMMANDS:
        wall, used = (statistics.median(values) for values in zip(*(one[each] for one in rounds), strict=True))
        print(f"{each:28} {wall:6.3f} s, processor {used:6.3f} s")


if __name__ == "__main__":
    main()
