"""The suite and buf on workspaces that grow in one dimension each, back to back.

``python -m bench.compatibility.growth`` prints a table; ``--shapes values chain`` measures some dimensions only. Times
are medians of processor time and of wall time; growth is the exponent of the size that the processor time of a cold run
grows with from the size before: 1 is linear, 2 quadratic, and less than 1 is mostly start-up.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.compatibility.shapes import SHAPES, Shape
from bench.compatibility.side_by_side import Run, measured

_BIN = Path(sysconfig.get_path("scripts"))
_HEAD = "| what | size | buf | cold | warm | cold / buf | growth | buf's growth | memory, buf | memory, cold |"


@dataclass(frozen=True, slots=True)
class Row:
    """Medians for one size."""

    buf: Run
    cold: Run
    warm: Run


def row(shape: Shape, size: int, repetitions: int) -> Row:
    """Measure one size: by turns buf, a run with an empty cache, and one after an edit."""
    runs: list[tuple[Run, Run, Run]] = []
    with tempfile.TemporaryDirectory(prefix="growth-") as scratch:
        folder = Path(scratch)
        shape.write(folder, size)
        edited = next(path for path in sorted((folder / "current").rglob("*.proto")) if "google" not in path.parts)
        text = edited.read_text(encoding="utf-8")
        # The first run writes the bytecode.
        _ours(folder, folder / "unused")
        for number in range(repetitions):
            cache = folder / f"cache{number}"
            edited.write_text(text, encoding="utf-8")
            buf = measured([str(_BIN / "buf"), "breaking", "current", "--against", "previous"], folder, {})
            cold = _ours(folder, cache)
            edited.write_text(f"{text}message Added{number} {{}}\n", encoding="utf-8")
            runs.append((buf, cold, _ours(folder, cache)))
    buf_runs, cold_runs, warm_runs = zip(*runs, strict=True)
    return Row(_median(buf_runs), _median(cold_runs), _median(warm_runs))


def _ours(folder: Path, cache: Path) -> Run:
    command = [str(_BIN / "servanda"), "check", "current", "--against", "previous"]
    environ = {"SERVANDA_CACHE": str(cache), "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    return measured(command, folder, environ)


def _median(runs: tuple[Run, ...]) -> Run:
    seconds, cpu, megabytes = (statistics.median(getattr(run, field) for run in runs) for field in _MEASURES)
    return Run(seconds, cpu, megabytes, "")


_MEASURES = ("seconds", "cpu", "megabytes")


def _growth(before: tuple[int, Run] | None, size: int, run: Run) -> str:
    if before is None:
        return ""
    return f"{math.log(run.cpu / before[1].cpu) / math.log(size / before[0]):.2f}"


def _shown(run: Run) -> str:
    return f"{run.cpu:.2f} s ({run.seconds:.2f} s)"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shapes", nargs="+", choices=SHAPES, default=list(SHAPES))
    parser.add_argument("--most", type=int, default=10**9, help="leave larger sizes out")
    parser.add_argument("--repetitions", type=int, default=3)
    options = parser.parse_args()
    print(f"processor time (wall time), medians of {options.repetitions} runs\n\n{_HEAD}\n{'|---' * 10}|")
    for shape in (SHAPES[name] for name in options.shapes):
        before: tuple[int, Row] | None = None
        for size in (each for each in shape.sizes if each <= options.most):
            found = row(shape, size, options.repetitions)
            ours, theirs = ((before[0], before[1].cold), (before[0], before[1].buf)) if before else (None, None)
            cells = (
                shape.what,
                f"{size:,}",
                *map(_shown, (found.buf, found.cold, found.warm)),
                f"{found.cold.cpu / found.buf.cpu:.2f}",
                _growth(ours, size, found.cold),
                _growth(theirs, size, found.buf),
                f"{found.buf.megabytes:.0f} MB",
                f"{found.cold.megabytes:.0f} MB",
            )
            print(f"| {' | '.join(cells)} |", flush=True)
            before = size, found


if __name__ == "__main__":
    main()
