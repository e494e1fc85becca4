"""Kinds of notifications."""

from __future__ import annotations

from enum import Enum


class NotificationKind(Enum):
    """Kind of what a notification tells; its value names the templates."""

    WELCOME = "welcome"
    DEACTIVATED = "deactivated"
    LOGIN_FAILURES = "login_failures"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind
