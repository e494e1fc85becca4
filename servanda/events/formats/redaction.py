"""Stand-ins for values that nobody may read.

Each has the form of its value, so that consumers accept it, and tells nothing else of it.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from typing import Final

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_IPV4: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_IPV6: Final = re.compile(r"(?=.*:.*:)[0-9a-fA-F:.]+")
_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*")
_DIGITS: Final = re.compile(r"[0-9]+")
_SPACE: Final = uuid.UUID("5f0c3a5e-8d0d-5a51-b9a4-6f1f2f3c7d10")


class StandIns:
    """Stand-ins of one record: one value has one stand-in wherever the record has it.

    Args:
        seed: What differs between records, and tells nothing: records of two users would else look like those of one.
    """

    def __init__(self, seed: str) -> None:
        self._seed = hashlib.sha256(seed.encode()).hexdigest()[:8]
        self._known: dict[str, str] = {}

    def text(self, value: str) -> str:
        """Return the stand-in of a text; an empty one says nothing and stays."""
        if not value:
            return value
        if value not in self._known:
            self._known[value] = self._made(value, len(self._known) + 1)
        return self._known[value]

    def within(self, value: str) -> str:
        """Return a text in which every value that has a stand-in is replaced by it."""
        for each in sorted(self._known, key=len, reverse=True):
            value = value.replace(each, self._known[each])
        return value

    def _made(self, value: str, number: int) -> str:
        name = f"redacted-{self._seed}-{number}"
        made = (
            (_EMAIL, f"{name}@example.com"),
            (_UUID, str(uuid.uuid5(_SPACE, name))),
            # Addresses for documentation: RFC 5737 and RFC 3849.
            (_IPV4, f"192.0.2.{number % 256}"),
            (_IPV6, f"2001:db8::{number:x}"),
            (_TIME, "2000-01-01T00:00:00Z"),
            (_DIGITS, str(number).rjust(len(value), "0")),
        )
        return next((stand_in for form, stand_in in made if form.fullmatch(value)), name)
