"""Error of the settings of telemetry."""

from __future__ import annotations


class TelemetryError(Exception):
    """Telemetry was asked for what there is not.

    Args:
        what: What is wrong, one sentence without a full stop.
        hint: What to do next.
    """

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(f"{what}; {hint}")
        self.what = what
        self.hint = hint
