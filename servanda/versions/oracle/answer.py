"""Questions that callers asked through the entry, and the answers that they got."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

_READ: Final = "GET"
_GOOD: Final = range(200, 300)
# Of the headers of a request those that change what is answered; what makes an answer conditional is left out.
_TELLING: Final = frozenset({"accept", "accept-language", "authorization", "cookie", "x-api-key"})


@dataclass(frozen=True, slots=True)
class Question:
    """A request that changes nothing, so that it can be asked again.

    Attributes:
        target: Path and query.
        headers: Names, in lower case, and values of the headers that the answer depends on.
    """

    target: str
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """Return it as a person calls it."""
        return f"{_READ} {self.target}"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer.

    Attributes:
        status: Its status.
        body: What the JSON of its body says; of any other body a digest.
    """

    status: int
    body: Any

    @property
    def is_good(self) -> bool:
        """Tell whether it is a success."""
        return self.status in _GOOD


def question_of(method: str, target: str, headers: Iterable[tuple[str, str]]) -> Question | None:
    """Return the question that a request is; ``None`` if it may change something (RFC 9110, section 9.2.1)."""
    if method != _READ:
        return None
    return Question(target, tuple((name.lower(), value) for name, value in headers if name.lower() in _TELLING))


def answer_of(status: int, content: bytes) -> Answer:
    """Return what an answer says."""
    try:
        return Answer(status, json.loads(content))
    except (ValueError, RecursionError):
        return Answer(status, f"sha256:{hashlib.sha256(content).hexdigest()}" if content else None)
