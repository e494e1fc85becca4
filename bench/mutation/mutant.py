"""One small change to a module."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of some bytes of a module into others.

    Attributes:
        path: The module, from the top of the repository.
        scope: Qualified name of the function or class around the change; empty at module level.
        line: Where it begins.
        start: First byte that is replaced.
        end: First byte that is not.
        before: What stands there.
        after: What takes its place.
    """

    path: str
    scope: str
    line: int
    start: int
    end: int
    before: str
    after: str

    @property
    def key(self) -> str:
        """Return the name of the change, independent of the lines above it: ``path::scope: before -> after``."""
        return f"{self.path}::{self.scope}: {_on_one_line(self.before)} -> {_on_one_line(self.after)}"

    def apply(self, source: bytes) -> bytes:
        """Return the source of the module with the change in it."""
        return source[: self.start] + self.after.encode() + source[self.end :]


def _on_one_line(code: str) -> str:
    return re.sub(r"\s+", " ", code)
