"""Errors of the domain as callers see them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import grpc

from platformkit.service import Refusals
from platformkit.status import ServiceError
from services.auth.domain.errors import (
    AttemptsExhaustedError,
    CredentialsExistError,
    CredentialsInvalidError,
    InvalidFieldError,
    RefreshTokenInvalidError,
    SigningKeyError,
    UserDeactivatedError,
    UserUnknownError,
)

REFUSALS: Final = Refusals(
    "the accounts",
    InvalidFieldError,
    {
        CredentialsExistError: (grpc.StatusCode.ALREADY_EXISTS, "CREDENTIALS_EXIST"),
        CredentialsInvalidError: (grpc.StatusCode.UNAUTHENTICATED, "CREDENTIALS_INVALID"),
        RefreshTokenInvalidError: (grpc.StatusCode.UNAUTHENTICATED, "REFRESH_TOKEN_INVALID"),
        SigningKeyError: (grpc.StatusCode.UNAVAILABLE, "SIGNING_KEY_UNAVAILABLE"),
        UserDeactivatedError: (grpc.StatusCode.FAILED_PRECONDITION, "USER_DEACTIVATED"),
        UserUnknownError: (grpc.StatusCode.NOT_FOUND, "USER_NOT_FOUND"),
    },
)


@contextmanager
def refused() -> Iterator[None]:
    """Raise errors of the domain and of the store as ServiceError.

    Raises:
        ServiceError: Such an error was raised; RESOURCE_EXHAUSTED says in ``retry_after_seconds`` how long to wait.
    """
    try:
        with REFUSALS.raised():
            yield
    except AttemptsExhaustedError as error:
        facts = {"retry_after_seconds": str(error.seconds)}
        code = grpc.StatusCode.RESOURCE_EXHAUSTED
        raise ServiceError(code, str(error), reason="ATTEMPTS_EXHAUSTED", metadata=facts) from error
