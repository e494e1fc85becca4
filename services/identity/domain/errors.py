"""The errors of the domain.

``IdentityError``
    ``InvalidUserError``           a field of the user breaks a rule
    ``UserNotFoundError``          no such user
    ``EmailTakenError``            another user has the e-mail address
    ``EtagStaleError``             the user was changed since the caller read it
    ``UserDeactivatedError``       a deactivated user is not changed any more
    ``IdempotencyKeyReusedError``  the key belongs to another request
"""

from __future__ import annotations


class IdentityError(Exception):
    """A rule of the domain refuses a request."""


class InvalidUserError(IdentityError):
    """A field of the user breaks a rule.

    Args:
        field: Path of the field, relative to the user.
        description: The rule that it breaks, as a sentence about the field.
    """

    def __init__(self, field: str, description: str) -> None:
        super().__init__(f"{field}: {description}")
        self.field = field
        self.description = description


class UserNotFoundError(IdentityError):
    """No such user."""

    def __init__(self, user_id: str) -> None:
        super().__init__(f"user {user_id} does not exist")
        self.user_id = user_id


class EmailTakenError(IdentityError):
    """Another user has the e-mail address."""

    def __init__(self, email: str) -> None:
        # The address itself is personal data: its caller knows it, and a log need not.
        super().__init__("the e-mail address belongs to another user")
        self.email = email


class EtagStaleError(IdentityError):
    """The user was changed since the caller read it."""

    def __init__(self, user_id: str, *, expected: str, actual: str) -> None:
        super().__init__(f"user {user_id} was changed: its etag is {actual}, not {expected}; read it again")
        self.user_id = user_id
        self.expected = expected
        self.actual = actual


class UserDeactivatedError(IdentityError):
    """A deactivated user is not changed any more."""

    def __init__(self, user_id: str) -> None:
        super().__init__(f"user {user_id} is deactivated and cannot be changed")
        self.user_id = user_id


class IdempotencyKeyReusedError(IdentityError):
    """The key belongs to another request."""

    def __init__(self, key: str) -> None:
        super().__init__(f"idempotency key {key} was used to create another user; choose a new key")
        self.key = key
