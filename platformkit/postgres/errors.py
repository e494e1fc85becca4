"""Error that keeps a service from using its schema."""

from __future__ import annotations


class MigrationError(Exception):
    """The schema of a service could not be brought to the version of its code.

    Args:
        what: What went wrong, one sentence without a full stop.
        hint: What to do next.
    """

    def __init__(self, what: str, *, hint: str) -> None:
        super().__init__(f"{what}; {hint}")
        self.what = what
        self.hint = hint
