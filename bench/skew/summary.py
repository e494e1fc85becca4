"""The table of faults and safe changes, and the totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich.table import Table

from bench.skew.change import Change
from bench.skew.trial import Trial

_CAUGHT = 0.95


def table(changes: Iterable[Change], trials: Mapping[str, Trial]) -> Table:
    """Return a row for each change."""
    shown = Table(title="a candidate beside the version that is live")
    for heading in ("change", "kind", "step", "caught by", "as it should be", "candidate alone"):
        shown.add_column(heading)
    for change in changes:
        trial = trials[change.name]
        shown.add_row(
            change.name,
            change.kind if change.is_fault else f"safe: {change.kind}",
            trial.step or "-",
            trial.caught or "-",
            "yes" if trial.is_right else "NO",
            "fails" if trial.alone else "passes",
        )
    return shown


def totals(changes: Iterable[Change], trials: Mapping[str, Trial]) -> Iterator[str]:
    """Yield the sums, one line each."""
    chosen = tuple(changes)
    faults = [trials[change.name] for change in chosen if change.is_fault]
    safe = [trials[change.name] for change in chosen if not change.is_fault]
    caught = [trial for trial in faults if trial.step]
    named = [trial for trial in faults if trial.is_right]
    yield f"{len(faults)} faults: {len(caught)} caught, {len(named)} caught and named"
    yield f"{sum(not trial.alone for trial in named)} of these are found by no test of the candidate alone"
    yield f"{len(safe)} safe changes: {sum(not trial.is_right for trial in safe)} false alarms"


def shares_hold(changes: Iterable[Change], trials: Iterable[Trial]) -> bool:
    """Tell whether enough faults are caught and named, and no safe change raises an alarm."""
    right = {trial.change: trial.is_right for trial in trials}
    faults = [right[change.name] for change in changes if change.is_fault]
    safe = [right[change.name] for change in changes if not change.is_fault]
    return all(safe) and (not faults or sum(faults) >= _CAUGHT * len(faults))
