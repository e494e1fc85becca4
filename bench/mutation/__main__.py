"""Share of small changes that the nearest tests notice: ``python -m bench.mutation --seed 1 --sample 300 FOLDER...``.

Changes are drawn from all that can be made to the modules of the folders, by a seed, so that a run can be repeated.
Each folder gives the same number as far as it has them: a large one does not hide a small one.
Each is made in a copy of the repository, and the tests nearest to its module are run against it. Survivors that no test
could notice are listed with the reason in ``equivalents.toml``; they count neither way.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path
from queue import SimpleQueue

from rich.console import Console
from rich.table import Table

from bench.mutation.finding import mutants_in
from bench.mutation.mutant import Mutant
from bench.mutation.trial import Durations, Outcome, Trial, Workspace

TOP = Path(__file__).parents[2]
EQUIVALENTS = Path(__file__).with_name("equivalents.toml")


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, try and tell; return 1 if a smaller share is killed than was asked for, 2 if tests fail anyway."""
    options = _parser().parse_args(arguments)
    known = equivalents(EQUIVALENTS)
    every = [sorted(mutants_in(TOP, folder), key=_place) for folder in options.folders]
    drawn = sample(every, options.sample, options.seed)
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"{len(drawn)} of {sum(map(len, every))} changes, seed {options.seed}")
    trials: list[Trial] = []
    durations = Durations()
    for trial in tried(drawn, known, tuple(options.tests), options.workers, durations):
        trials.append(trial)
        if trial.outcome not in {Outcome.KILLED, Outcome.EQUIVALENT}:
            console.print(f"{trial.outcome}: line {trial.mutant.line} {trial.mutant.key}", markup=False)
        elif trial.late:
            console.print(f"{trial.outcome}, by time alone: line {trial.mutant.line} {trial.mutant.key}", markup=False)
    console.print(table(trials))
    share = killed_share(trials)
    console.print(f"{100 * share:.1f} % killed")
    if durations.failing:
        failing = ", ".join(sorted({place for tests in durations.failing for place in tests}))
        console.print(f"these fail without any change, so that they tell nothing: {failing}", markup=False)
        return 2
    return 0 if share >= options.at_least / 100 else 1


def sample(folders: Sequence[Sequence[Mutant]], size: int, seed: int) -> Sequence[Mutant]:
    """Draw so many changes, as evenly from the folders as they have them; return them in the order of the source."""
    orders = [random.Random(seed).sample(mutants, len(mutants)) for mutants in folders]
    in_turns = [mutant for turn in zip_longest(*orders) for mutant in turn if mutant is not None]
    return sorted(list(dict.fromkeys(in_turns))[:size], key=_place)


def tried(
    mutants: Sequence[Mutant], known: Mapping[str, str], kinds: tuple[str, ...], workers: int, durations: Durations
) -> Iterable[Trial]:
    """Yield what becomes of each change, as many at once as there are workers."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder, ThreadPoolExecutor(workers) as pool:
        free: SimpleQueue[Workspace] = SimpleQueue()
        for number in range(workers):
            free.put(Workspace(TOP, Path(folder, str(number)), durations))

        def attempt(mutant: Mutant) -> Trial:
            if mutant.key in known:
                return Trial(mutant, Outcome.EQUIVALENT)
            workspace = free.get()
            try:
                return workspace.trial(mutant, kinds)
            finally:
                free.put(workspace)

        yield from pool.map(attempt, mutants)


def equivalents(file: Path) -> Mapping[str, str]:
    """Read which changes no test could notice, and why.

    Raises:
        ValueError: One has no reason.
    """
    entries = tomllib.loads(file.read_text()).get("equivalent", [])
    found = {entry["change"]: entry.get("why", "") for entry in entries}
    if nameless := [change for change, why in found.items() if not why.strip()]:
        raise ValueError(f"{file.name}: expected a reason (why) for {nameless[0]}")
    return found


def killed_share(trials: Iterable[Trial]) -> float:
    """Return the share of changes that were noticed, among those that could be."""
    counts = Counter(trial.outcome for trial in trials)
    counted = counts.total() - counts[Outcome.EQUIVALENT]
    return counts[Outcome.KILLED] / counted if counted else 1.0


def table(trials: Iterable[Trial]) -> Table:
    """Return the outcomes by folder."""
    counts: dict[str, Counter[Outcome]] = {}
    for trial in trials:
        counts.setdefault(Path(trial.mutant.path).parent.as_posix(), Counter())[trial.outcome] += 1
    drawn = Table("folder", *Outcome)
    for folder, outcomes in sorted(counts.items()):
        drawn.add_row(folder, *(str(outcomes[outcome]) for outcome in Outcome))
    return drawn


def _place(mutant: Mutant) -> tuple[str, int, int, str]:
    return (mutant.path, mutant.start, mutant.end, mutant.after)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.mutation", description="Run tests against small changes.")
    parser.add_argument("folders", nargs="+", metavar="FOLDER", help="folder or module: platformkit/events")
    parser.add_argument("--seed", type=int, default=1, help="seed of the sample")
    parser.add_argument("--sample", type=int, default=300, help="number of changes")
    parser.add_argument("--workers", type=int, default=2, help="changes tried at once")
    parser.add_argument("--tests", nargs="+", default=["unit"], help="kinds of tests to ask: unit integration")
    parser.add_argument("--at-least", type=float, default=90.0, metavar="PERCENT", help="share to be killed")
    return parser


if __name__ == "__main__":
    # Whoever ends it early is left no copies.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    sys.exit(main())
