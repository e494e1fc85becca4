"""The errors of the domain.

``AuthError``
    ``InvalidFieldError``         a field of the request breaks a rule
    ``UserUnknownError``          identity knows no such user
    ``UserDeactivatedError``      the user may not act any more
    ``CredentialsExistError``     the user has a password already
    ``NoAdminError``              a user who has to be an administrator is none
    ``CredentialsInvalidError``   the address or the password is wrong
    ``AttemptsExhaustedError``    too many attempts failed
    ``RefreshTokenInvalidError``  the refresh token is not good
    ``SigningKeyError``           there is no key to sign with
"""

from __future__ import annotations


class AuthError(Exception):
    """A rule of the domain refuses a request."""


class InvalidFieldError(AuthError):
    """A field of the request breaks a rule.

    Args:
        field: Name of the field.
        description: The rule that it breaks, as a sentence about the field.
    """

    def __init__(self, field: str, description: str) -> None:
        super().__init__(f"{field} {description}")
        self.field = field
        self.description = description


class UserUnknownError(AuthError):
    """Identity knows no such user."""

    def __init__(self, user_id: str) -> None:
        super().__init__(f"user {user_id} does not exist")


class UserDeactivatedError(AuthError):
    """The user may not act any more."""

    def __init__(self, user_id: str) -> None:
        super().__init__(f"user {user_id} is deactivated and gets no credentials")


class CredentialsExistError(AuthError):
    """The user has a password already."""

    def __init__(self, user_id: str) -> None:
        super().__init__(f"user {user_id} has a password; change it with the current one")


class NoAdminError(AuthError):
    """A user who has to be an administrator is none."""

    def __init__(self, email: str) -> None:
        super().__init__(f"a user with the address {email} exists and does not have the role admin")


class CredentialsInvalidError(AuthError):
    """The address or the password is wrong; which of them, nobody is told."""

    def __init__(self) -> None:
        super().__init__("the e-mail address or the password is wrong")


class AttemptsExhaustedError(AuthError):
    """Too many attempts failed, on an account or from an address.

    Args:
        seconds: How long to wait, at least one second.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many attempts; try again in {seconds} s")
        self.seconds = seconds


class RefreshTokenInvalidError(AuthError):
    """The refresh token is unknown, used, expired or revoked; which of them, nobody is told."""

    def __init__(self) -> None:
        super().__init__("the refresh token is not valid; log in again")


class SigningKeyError(AuthError):
    """There is no key to sign with."""
