"""Reasons why there is no answer to a request."""

from __future__ import annotations


class WireError(Exception):
    """Absence of an answer; says why, and whoever asked tells it in its own words."""


class UnsendableError(WireError):
    """Request that is none in HTTP; nothing was sent."""


class UnreachableError(WireError):
    """Absence of a connection; nothing was sent."""


class UnansweredError(WireError):
    """Request that was sent, or may have been, without a complete answer."""


class LateError(UnansweredError):
    """Answer that was not complete in time."""


class OverlongError(WireError):
    """Answer whose body is longer than the limit."""
