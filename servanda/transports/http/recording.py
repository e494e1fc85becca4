"""Description of a request over HTTP and its response in a consumer's test."""

from __future__ import annotations

from typing import Any, Literal, Self

from pact.interaction import HttpInteraction
from pact_ffi import PactHandle

from servanda.transports.http.reading import ABSENT_HEADERS

_Part = Literal["Request", "Response"]


class DescribedRequest(HttpInteraction):
    """A request and its response, as the Pact library describes them, and what the library has no words for.

    Attributes:
        present: Headers that are described, in small letters.
        absent: Headers that the response must not have.
    """

    def __init__(self, pact: PactHandle, description: str) -> None:
        super().__init__(pact, description)
        self.present: set[str] = set()
        self.absent: list[str] = []

    def with_header(self, name: str, value: Any, part: _Part | None = None) -> Self:
        """Do as the library does."""
        self.present.add(name.lower())
        return super().with_header(name, value, part)

    def set_header(self, name: str, value: str, part: _Part | None = None) -> Self:
        """Do as the library does."""
        self.present.add(name.lower())
        return super().set_header(name, value, part)

    def without_header(self, name: str) -> Self:
        """Say that the response must not have a header; repeatable.

        Other tools that verify the contract do not look at that.
        """
        self.absent.append(name)
        self.set_comment(ABSENT_HEADERS, self.absent)
        return self
