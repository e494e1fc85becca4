"""Statements of a token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from platformkit.tokens.errors import Refusal, RefusedTokenError

ACCESS_TOKEN: Final = "at+jwt"  # noqa: S105 - a media type
"""Type of an access token (RFC 9068, section 2.1)."""

INTERNAL_TOKEN: Final = "int+jwt"  # noqa: S105 - a media type
"""Type of a token that one service shows another; no standard has one."""

_MAX_ROLES: Final = 64
_MAX_CHARACTERS: Final = 256


@dataclass(frozen=True, slots=True)
class Claims:
    """Statements of a token (RFC 7519, section 4.1; RFC 9068).

    Attributes:
        issuer: ``iss``: who signed it.
        audience: ``aud``: for whom.
        subject: ``sub``: identifier of the user or service that it stands for; empty in an internal token for nobody.
        token_id: ``jti``: identifier of this token.
        issue_time: ``iat``, in whole seconds since 1970.
        expire_time: ``exp``, in whole seconds since 1970: from then on it is not valid.
        start_time: ``nbf``, in whole seconds since 1970: before that it is not valid yet.
        roles: ``roles``: what the subject may do.
        session: ``sid``: login that it belongs to; empty for none.
        version: ``ver``: how often all tokens of the subject had been revoked before this one was issued.
        request_id: ``rid``: the one request that an internal token is good for; empty for any.
    """

    issuer: str
    audience: str
    subject: str
    token_id: str
    issue_time: int
    expire_time: int
    start_time: int = 0
    roles: tuple[str, ...] = ()
    session: str = ""
    version: int = 0
    request_id: str = ""

    def document(self) -> dict[str, Any]:
        """Return the claims as the payload of a token."""
        whose = {"sub": self.subject} if self.subject else {}
        which = {"rid": self.request_id} if self.request_id else {}
        return {
            "iss": self.issuer,
            "aud": self.audience,
            **whose,
            "jti": self.token_id,
            "iat": self.issue_time,
            "nbf": self.start_time or self.issue_time,
            "exp": self.expire_time,
            "roles": list(self.roles),
            "sid": self.session,
            "ver": self.version,
            **which,
        }

    @classmethod
    def of(cls, document: Mapping[str, Any], *, anonymous: bool = False) -> Claims:
        """Read the payload of a token.

        Args:
            document: The payload.
            anonymous: Whether the token may be without a subject.

        Raises:
            RefusedTokenError: A claim is missing or of the wrong kind.
        """
        issued = _seconds(document, "iat")
        return cls(
            issuer=_text(document, "iss"),
            audience=_audience(document),
            subject="" if anonymous and "sub" not in document else _text(document, "sub"),
            token_id=_text(document, "jti"),
            issue_time=issued,
            expire_time=_seconds(document, "exp"),
            start_time=_seconds(document, "nbf") if "nbf" in document else issued,
            roles=_roles(document),
            session=_text(document, "sid") if document.get("sid", "") != "" else "",
            version=_seconds(document, "ver") if "ver" in document else 0,
            request_id=_text(document, "rid") if "rid" in document else "",
        )


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_CHARACTERS:
        raise RefusedTokenError(Refusal.CLAIMS, name)
    return value


def _seconds(document: Mapping[str, Any], name: str) -> int:
    value = document.get(name)
    # A bool is an int in Python, and a float may be infinite.
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise RefusedTokenError(Refusal.CLAIMS, name)
    return value


def _audience(document: Mapping[str, Any]) -> str:
    value = document.get("aud")
    # A list of one is the same as the one (RFC 7519, section 4.1.3); no token of ours is for several.
    if isinstance(value, list) and len(value) == 1:
        return _text({"aud": value[0]}, "aud")
    return _text(document, "aud")


def _roles(document: Mapping[str, Any]) -> tuple[str, ...]:
    value = document.get("roles", [])
    if not isinstance(value, list) or len(value) > _MAX_ROLES:
        raise RefusedTokenError(Refusal.CLAIMS, "roles")
    return tuple(_text({"roles": role}, "roles") for role in value)
