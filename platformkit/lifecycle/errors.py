"""What keeps a service from starting."""

from __future__ import annotations


class StartError(Exception):
    """The service cannot start; the process ends with exit code 2.

    Args:
        what: What went wrong, one sentence without a full stop.
        hint: What to do next.
    """

    def __init__(self, what: str, *, hint: str) -> None:
        super().__init__(f"{what}; {hint}")
        self.what = what
        self.hint = hint
