"""Authenticated page tokens after AIP-158: opaque to clients, bound to the request that they continue."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import TypeVar

import grpc
from google.protobuf.message import Message

from platformkit.status import FieldViolation, ServiceError

MAC_BYTES = 16
# AIP-158 lets these two differ between the pages of one listing.
PAGE_FIELDS = ("page_size", "page_token")

M = TypeVar("M", bound=Message)


class PageTokens:
    """Makes and reads the page tokens of one service.

    A token carries a cursor and an HMAC-SHA-256, cut to 128 bits, over the cursor and the request without ``page_size``
    and ``page_token``; so a token continues the listing that it came from and no other.

    Args:
        secret: Key of the HMAC; the same in every instance of a service.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def encode(self, request: Message, cursor: Sequence[str]) -> str:
        """Make the token with which the listing of ``request`` goes on after ``cursor``."""
        payload = json.dumps(list(cursor), separators=(",", ":")).encode()
        return _armor(self._mac(request, payload) + payload)

    def decode(self, request: Message, token: str) -> tuple[str, ...]:
        """Read the cursor out of a token.

        Raises:
            ServiceError: INVALID_ARGUMENT with reason PAGE_TOKEN_INVALID, if this service did not make the token for a
                request that asks for the same.
        """
        raw = _unarmor(token)
        mac, payload = raw[:MAC_BYTES], raw[MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(request, payload)):
            raise page_token_invalid()
        try:
            cursor = json.loads(payload)
        except (ValueError, RecursionError):
            raise page_token_invalid() from None
        if not isinstance(cursor, list) or not all(isinstance(part, str) for part in cursor):
            raise page_token_invalid()
        return tuple(cursor)

    def _mac(self, request: Message, payload: bytes) -> bytes:
        name = request.DESCRIPTOR.full_name.encode()
        scope = _without_paging(request).SerializeToString(deterministic=True)
        digest = hmac.new(self._secret, digestmod=hashlib.sha256)
        for part in (name, scope, payload):
            # The length in front keeps two different requests from adding up to the same bytes.
            digest.update(len(part).to_bytes(8, "big") + part)
        return digest.digest()[:MAC_BYTES]


def _without_paging(request: M) -> M:
    scope = type(request)()
    scope.CopyFrom(request)
    # What this version does not know did not choose what is listed, and over HTTP it is not even there.
    scope.DiscardUnknownFields()
    for field in PAGE_FIELDS:
        if field in request.DESCRIPTOR.fields_by_name:
            scope.ClearField(field)
    return scope


def _armor(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unarmor(token: str) -> bytes:
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise page_token_invalid() from None
    # Base64 has several spellings of the same bytes; a token has one.
    if _armor(raw) != token:
        raise page_token_invalid()
    return raw


def page_token_invalid() -> ServiceError:
    """Return the refusal of a token that leads nowhere."""
    what = "not a token of this service for this request; start again without a page token"
    return ServiceError(
        grpc.StatusCode.INVALID_ARGUMENT,
        f"page_token is {what}",
        reason="PAGE_TOKEN_INVALID",
        violations=(FieldViolation("page_token", what, "PAGE_TOKEN_INVALID"),),
    )
