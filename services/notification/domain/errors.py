"""The errors of the domain.

``NotificationError``
    ``InvalidFieldError``      a field breaks a rule
    ``RecipientUnknownError``  no event has told of such a user
    ``RecipientInactiveError`` the user is deactivated
    ``EtagStaleError``         the preferences were changed since the caller read them
"""

from __future__ import annotations


class NotificationError(Exception):
    """A rule of the domain refuses something."""


class InvalidFieldError(NotificationError):
    """A field breaks a rule.

    Args:
        field: Path of the field.
        description: The rule that it breaks, as a sentence about the field.
    """

    def __init__(self, field: str, description: str) -> None:
        super().__init__(f"{field} {description}")
        self.field = field
        self.description = description


class RecipientUnknownError(NotificationError):
    """No event has told of such a user, or not yet."""

    def __init__(self, user_id: str) -> None:
        super().__init__(f"user {user_id} is not known here")


class RecipientInactiveError(NotificationError):
    """A deactivated user is told nothing any more."""

    def __init__(self, user_id: str) -> None:
        super().__init__(f"user {user_id} is deactivated, and its preferences cannot be changed")


class EtagStaleError(NotificationError):
    """The preferences were changed since the caller read them."""

    def __init__(self, user_id: str, *, expected: str, actual: str) -> None:
        what = f"the etag is {actual}, not {expected}; read them again"
        super().__init__(f"the preferences of user {user_id} were changed: {what}")
