from __future__ import annotations

import grpc
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from plt.audit.v1.audit_pb2 import EntryKind, ListEntriesRequest
from plt.identity.v1.identity_pb2 import ListUsersRequest

from platformkit.paging import PageTokens
from platformkit.paging.tokens import _armor
from platformkit.status import ServiceError

TOKENS = PageTokens(b"secret")
REQUEST = ListEntriesRequest(subject="users/1")

subjects = st.text(max_size=20)
cursors = st.lists(st.text(max_size=40), max_size=3)


def refusal(tokens: PageTokens, request: ListEntriesRequest | ListUsersRequest, token: str) -> ServiceError:
    with pytest.raises(ServiceError) as raised:
        tokens.decode(request, token)
    return raised.value


@given(subjects, cursors)
def test_a_token_gives_its_cursor_back_for_the_same_request(subject: str, cursor: list[str]) -> None:
    request = ListEntriesRequest(subject=subject)
    assert TOKENS.decode(request, TOKENS.encode(request, cursor)) == tuple(cursor)


@given(subjects, subjects, cursors)
def test_a_token_of_another_request_is_refused(subject: str, other: str, cursor: list[str]) -> None:
    assume(subject != other)
    token = TOKENS.encode(ListEntriesRequest(subject=subject), cursor)
    assert refusal(TOKENS, ListEntriesRequest(subject=other), token).reason == "PAGE_TOKEN_INVALID"


@given(cursors, st.data())
def test_a_token_with_one_character_changed_is_refused(cursor: list[str], data: st.DataObject) -> None:
    token = TOKENS.encode(REQUEST, cursor)
    position = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCXYZabcxyz019-_").filter(lambda letter: letter != token[position]))
    assert refusal(TOKENS, REQUEST, token[:position] + letter + token[position + 1 :]).reason == "PAGE_TOKEN_INVALID"


@given(st.text(max_size=60))
def test_a_forged_token_is_refused(token: str) -> None:
    assert refusal(TOKENS, REQUEST, token).reason == "PAGE_TOKEN_INVALID"


def test_a_field_that_this_version_does_not_know_makes_no_other_request() -> None:
    newer = ListEntriesRequest.FromString(REQUEST.SerializeToString() + b"\xfa\xff\xff\xff\x0f\x01x")
    assert newer != REQUEST
    assert TOKENS.decode(REQUEST, TOKENS.encode(newer, ["1"])) == ("1",)


def test_a_token_made_with_another_secret_is_refused() -> None:
    assert refusal(TOKENS, REQUEST, PageTokens(b"other").encode(REQUEST, ["1"])).reason == "PAGE_TOKEN_INVALID"


def test_a_token_of_another_method_is_refused() -> None:
    token = TOKENS.encode(ListUsersRequest(), ["1"])
    assert refusal(TOKENS, ListEntriesRequest(), token).reason == "PAGE_TOKEN_INVALID"


def test_the_page_size_may_change_between_pages() -> None:
    token = TOKENS.encode(ListEntriesRequest(kind=EntryKind.ENTRY_KIND_USER_CREATED, page_size=1), ["1"])
    following = ListEntriesRequest(kind=EntryKind.ENTRY_KIND_USER_CREATED, page_size=5, page_token=token)
    assert TOKENS.decode(following, token) == ("1",)


def test_a_refusal_names_the_field_and_what_to_do() -> None:
    error = refusal(TOKENS, REQUEST, "forged")
    assert error.code is grpc.StatusCode.INVALID_ARGUMENT
    assert [violation.field for violation in error.violations] == ["page_token"]
    assert "start again without a page token" in error.message


class OfAnotherRelease(PageTokens):
    """Signs whatever it is given."""

    def sign(self, payload: bytes) -> str:
        return _armor(self._mac(REQUEST, payload) + payload)


@pytest.mark.parametrize("payload", [b"", b"5", b"null", b'"text"', b"{}", b"[1]", b'[["a"]]', b"\xff", b"[" * 100_000])
def test_a_token_that_is_signed_and_no_cursor_is_refused(payload: bytes) -> None:
    assert refusal(TOKENS, REQUEST, OfAnotherRelease(b"secret").sign(payload)).reason == "PAGE_TOKEN_INVALID"
