"""Answers of Servanda: it sees the interfaces, contracts and usage logs of a case, and not its truth."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from servanda.checking.check import check
from servanda.checking.kinds import kinds
from servanda.configuration import load
from servanda.interfaces.kind import Context, Wanted
from servanda.verdict import Impact

_RANK = (Impact.BROKEN, Impact.POTENTIALLY_AFFECTED, Impact.UNKNOWN, Impact.UNAFFECTED)
_TODAY = dt.date(2026, 1, 2)


def answer(folder: Path, cache: Path) -> str:
    """Write an answer for each consumer of each case, as a line of JSON: the worst that any finding means for it."""
    lines = []
    for case in sorted(path.parent for path in folder.glob("*/case.json")):
        named = json.loads((case / "case.json").read_text(encoding="utf-8"))["consumers"]
        worst = dict.fromkeys(named, Impact.UNAFFECTED)
        for consumer, impact in _impacts(case, cache):
            worst[consumer] = min(worst[consumer], impact, key=_RANK.index)
        lines += [
            json.dumps({"case": case.name, "consumer": name, "impact": str(worst[name])}, sort_keys=True)
            for name in named
        ]
    return "".join(f"{line}\n" for line in lines)


def _impacts(case: Path, cache: Path) -> list[tuple[str, Impact]]:
    (case / "servanda.toml").touch()
    context = Context(case, cache, _TODAY, load(case / "servanda.toml"))
    examined = check(Wanted("current", "previous"), None, context, kinds())
    return [(hit.consumer.name, hit.impact) for finding in examined.stage.findings for hit in finding.consumers]
