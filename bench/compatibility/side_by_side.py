"""The suite and buf on the same large workspace, back to back: time, memory and what they find.

``python -m bench.compatibility.side_by_side --files 2000 --edits 200`` prints a table. Times are the median of several
runs, memory is the peak of the largest process. ``cold`` begins with an empty cache; ``warm`` follows one more edit of
one file. The suite runs with its bytecode, as installers leave it behind: compiling that is no part of a check.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.compatibility.large import Size, path_of, write
from servanda.interfaces.protobuf.rules.table import BUF_RULES

_BIN = Path(sysconfig.get_path("scripts"))
_RULES = {rule.id for rule in BUF_RULES}
Place = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a program.

    Attributes:
        seconds: Wall time.
        cpu: Processor time of all its processes, in seconds.
        megabytes: Peak memory of the largest of its processes.
        output: What it printed.
    """

    seconds: float
    cpu: float
    megabytes: float
    output: str


def measured(command: Sequence[str], folder: Path, environ: Mapping[str, str]) -> Run:
    """Run a program and wait for it."""
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        process = subprocess.Popen(command, cwd=folder, stdout=output, env={**inherited, **environ})
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode()
    if process.returncode not in (0, 1, 100):
        raise RuntimeError(f"{command[0]} answered {process.returncode}")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, text)


class Bench:
    """One workspace on which both run."""

    def __init__(self, folder: Path, files: int, repetitions: int) -> None:
        self._folder = folder
        self._files = files
        self._repetitions = repetitions
        self._edits = 0
        self._bytecode = folder / "bytecode"
        # The first run writes it.
        with tempfile.TemporaryDirectory() as cache:
            self._ours("current", cache)

    def buf(self, base: str) -> list[Run]:
        """Runs of buf, which keeps nothing between them."""
        command = [str(_BIN / "buf"), "breaking", "current", "--against", base, "--error-format", "json"]
        return [measured(command, self._folder, {}) for _ in range(self._repetitions)]

    def cold(self, base: str) -> list[Run]:
        """Runs of the suite, each with an empty cache."""
        runs = []
        for _ in range(self._repetitions):
            with tempfile.TemporaryDirectory() as cache:
                runs.append(self._ours(base, cache))
        return runs

    def warm(self, base: str) -> list[Run]:
        """Runs of the suite, each after one edit of a file since the one before."""
        with tempfile.TemporaryDirectory() as cache:
            self._ours(base, cache)
            runs = []
            for _ in range(self._repetitions):
                self._edit()
                runs.append(self._ours(base, cache))
        return runs

    def _ours(self, base: str, cache: str) -> Run:
        command = [str(_BIN / "servanda"), "check", "current", "--against", base, "--format", "json"]
        return measured(command, self._folder, {"SERVANDA_CACHE": cache, "PYTHONPYCACHEPREFIX": str(self._bytecode)})

    def _edit(self) -> None:
        self._edits += 1
        file = self._folder / "current" / path_of(self._files // 2)
        addition = f"message Added{self._edits} {{\n  string name = 1;\n}}\n"
        file.write_text(file.read_text(encoding="utf-8") + addition, encoding="utf-8")


def our_places(run: Run) -> set[Place]:
    """Return what the suite found under rules that buf has."""
    found = json.loads(run.output)["findings"]
    return {(f["rule"], f["path"], f["start_line"], f["start_column"]) for f in found if f["rule"] in _RULES}


def their_places(run: Run) -> set[Place]:
    """Return what buf found."""
    found = [json.loads(line) for line in run.output.splitlines()]
    return {(f["type"], f["path"], f["start_line"], f["start_column"]) for f in found}


def _row(name: str, runs: list[Run], found: str) -> str:
    seconds, cpu = (statistics.median(getattr(run, field) for run in runs) for field in ("seconds", "cpu"))
    peak = max(run.megabytes for run in runs)
    return f"| {name} | {seconds:.2f} s | {cpu:.2f} s | {peak:.0f} MB | {found} |"


def main() -> int:
    """Measure and print; answer 1 if the two find different places."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--repetitions", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="side-by-side-") as scratch:
        folder = Path(scratch)
        lines = write(folder, Size(options.files), options.edits, options.seed)
        subprocess.run([str(_BIN / "buf"), "build", "previous", "-o", "previous.binpb"], cwd=folder, check=True)
        bench = Bench(folder, options.files, options.repetitions)
        print(f"{options.files} files, {lines} lines, {options.edits} edits, seed {options.seed}\n")
        print("| run | time | processor | memory | findings under buf's rules |\n|---|---|---|---|---|")
        differ = False
        for base in ("previous.binpb", "previous"):
            theirs, ours = bench.buf(base), bench.cold(base)
            print(_row(f"buf, current against {base}", theirs, str(len(their_places(theirs[0])))))
            print(_row(f"servanda cold, current against {base}", ours, str(len(our_places(ours[0])))))
            differ = differ or our_places(ours[0]) != their_places(theirs[0])
        warm = bench.warm("previous.binpb")
        print(_row("servanda warm, one file changed", warm, str(len(our_places(warm[-1])))))
    print("\nthe places that they find differ" if differ else "\nboth find the same places")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
