from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plt.audit.v1 import audit_pb2

from platformkit.paging import PageTokens
from platformkit.service import Cursor, Page, page_of
from platformkit.service.listing import DEFAULT_PAGE_SIZE, Listing
from platformkit.status import ServiceError

TIME = datetime(2026, 1, 2, tzinfo=UTC)
LISTING = Listing(PageTokens(b"secret"))


def cursor_of(number: int) -> Cursor:
    return Cursor(TIME + timedelta(microseconds=number), str(UUID(int=number)))


@given(count=st.integers(0, 30), limit=st.integers(1, 12))
def test_pages_that_follow_each_other_hold_every_item_once(count: int, limit: int) -> None:
    items, seen, pages = list(range(count)), list[int](), 0
    after: Cursor | None = None
    while pages == 0 or after is not None:
        start = 0 if after is None else UUID(after.id).int + 1
        page = page_of(items[start : start + limit + 1], limit, cursor_of)
        seen, after, pages = [*seen, *page.items], page.next, pages + 1
        assert len(page.items) <= limit
    assert (seen, pages) == (items, max(1, -(-count // limit)))


@given(number=st.integers(0, 10**12), subject=st.text(st.characters(codec="utf-8"), max_size=10))
def test_the_token_of_a_page_leads_to_the_cursor_of_the_next_one(number: int, subject: str) -> None:
    request = audit_pb2.ListEntriesRequest(subject=subject)
    request.page_token = LISTING.next_token(request, Page([number], cursor_of(number)))
    assert LISTING.after(request) == cursor_of(number)


def test_the_last_page_has_no_token_and_the_first_one_no_cursor() -> None:
    request = audit_pb2.ListEntriesRequest()
    assert LISTING.next_token(request, Page([], None)) == ""
    assert LISTING.after(request) is None


def test_a_request_that_asks_for_no_size_gets_the_usual_one() -> None:
    assert LISTING.limit(audit_pb2.ListEntriesRequest()) == DEFAULT_PAGE_SIZE
    assert LISTING.limit(audit_pb2.ListEntriesRequest(page_size=7)) == 7


@pytest.mark.parametrize(
    "cursor",
    [
        (),
        ("2026-01-02T03:04:05Z",),
        ("2026-01-02T03:04:05Z", str(UUID(int=1)), "more"),
        ("yesterday", str(UUID(int=1))),
        ("0001-01-01T00:00:00+14:00", str(UUID(int=1))),
        ("2026-01-02T03:04:05Z", "no UUID"),
        ("2026-01-02T03:04:05Z", ""),
    ],
)
def test_a_token_of_our_own_with_another_cursor_is_refused(cursor: tuple[str, ...]) -> None:
    request = audit_pb2.ListEntriesRequest()
    request.page_token = PageTokens(b"secret").encode(request, cursor)
    with pytest.raises(ServiceError) as caught:
        LISTING.after(request)
    assert (caught.value.code, caught.value.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN_INVALID")
