"""What callers see when the domain refuses or a store is away: one table from error to status."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import grpc

from platformkit.status import FieldViolation, ServiceError
from services.identity.domain.errors import (
    EmailTakenError,
    EtagStaleError,
    IdempotencyKeyReusedError,
    IdentityError,
    InvalidUserError,
    UserDeactivatedError,
    UserNotFoundError,
)
from services.identity.use_cases.ports import StoreUnavailableError

REFUSALS: dict[type[IdentityError], tuple[grpc.StatusCode, str]] = {
    EmailTakenError: (grpc.StatusCode.ALREADY_EXISTS, "EMAIL_TAKEN"),
    EtagStaleError: (grpc.StatusCode.ABORTED, "ETAG_STALE"),
    IdempotencyKeyReusedError: (grpc.StatusCode.ABORTED, "IDEMPOTENCY_KEY_REUSED"),
    UserDeactivatedError: (grpc.StatusCode.FAILED_PRECONDITION, "USER_DEACTIVATED"),
    UserNotFoundError: (grpc.StatusCode.NOT_FOUND, "USER_NOT_FOUND"),
}


@contextmanager
def refusals(parent: str = "user") -> Iterator[None]:
    """Raises errors of the domain and of the store as `ServiceError`.

    Args:
        parent: Field of the request that carries the user; empty if the request itself has the user's fields.
    """
    try:
        yield
    except InvalidUserError as error:
        field = f"{parent}.{error.field}" if parent else error.field
        violation = FieldViolation(field, error.description, "FIELD_INVALID")
        message = f"{field} {error.description}"
        code = grpc.StatusCode.INVALID_ARGUMENT
        raise ServiceError(code, message, reason="FIELD_INVALID", violations=(violation,)) from error
    except IdentityError as error:
        code, reason = REFUSALS[type(error)]
        raise ServiceError(code, str(error), reason=reason) from error
    except StoreUnavailableError as error:
        message = "the users cannot be reached right now; try again"
        raise ServiceError(grpc.StatusCode.UNAVAILABLE, message, reason="STORE_UNAVAILABLE") from error
