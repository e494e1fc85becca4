"""A verdict in one word."""

from __future__ import annotations

from servanda.verdict import Verdict


class _Brief:
    name = "brief"
    file = "verdict.brief"

    def render(self, verdict: Verdict) -> str:
        return f"{verdict.answer}\n"


FORMAT = _Brief()
