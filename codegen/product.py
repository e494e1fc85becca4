"""A generated file, and what it means that one drifted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Product:
    """A file that somebody generates and commits.

    Attributes:
        path: Where it lies, relative to the repository.
        content: What has to be in it.
    """

    path: str
    content: bytes

    def drifted(self) -> bool:
        """Tell whether the committed file differs."""
        file = ROOT / self.path
        return not file.is_file() or file.read_bytes() != self.content

    def write(self) -> None:
        """Replace the committed file."""
        file = ROOT / self.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(self.content)
