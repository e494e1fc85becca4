"""Bounds on one document: whoever wrote it, reading it ends."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """Bounds of one document.

    Attributes:
        size: Bytes of the file.
        depth: Lists and tables within each other. The interpreter's own limit on recursion is about 1,000 calls, and
            what works on a document takes a few calls for each level.
        values: Values of a document in JSON: some bytes stand for a hundred in the memory.
        aliased: Values that the aliases and merge keys of a YAML document add to those that are written.
        digits: Digits of one number. Python itself converts no more than 4,300.
    """

    size: int = 64 * 1024 * 1024
    depth: int = 100
    values: int = 5_000_000
    aliased: int = 500_000
    digits: int = 4_300
