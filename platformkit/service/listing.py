"""Paging of a list method, between its messages and its use case."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from platformkit.paging import PageTokens, page_token_invalid
from platformkit.service.page import Cursor, Page

DEFAULT_PAGE_SIZE: Final = 50


class Listing:
    """Reads what a list request asks for, and makes the token of its next page.

    Requests have the fields ``page_size`` and ``page_token`` of AIP-158, and items have UUIDs for identifiers.

    Args:
        tokens: Makes and reads page tokens.
    """

    def __init__(self, tokens: PageTokens) -> None:
        self._tokens = tokens

    def after(self, request: Any) -> Cursor | None:
        """Return where the page starts; None for the first one.

        Raises:
            ServiceError: INVALID_ARGUMENT, the token is none of this listing.
        """
        if not request.page_token:
            return None
        try:
            # A token of our own may be of a release that wrote it otherwise.
            time, identifier = self._tokens.decode(request, request.page_token)
            return Cursor(datetime.fromisoformat(time).astimezone(UTC), str(UUID(identifier)))
        except (ValueError, OverflowError):
            raise page_token_invalid() from None

    def limit(self, request: Any) -> int:
        """Return how many items the page may have."""
        return int(request.page_size) or DEFAULT_PAGE_SIZE

    def next_token(self, request: Any, page: Page[Any]) -> str:
        """Return the token of the page after this one; empty after the last one."""
        if page.next is None:
            return ""
        return self._tokens.encode(request, (page.next.time.isoformat(), page.next.id))
