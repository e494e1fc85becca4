"""What callers see when the domain refuses or the store is away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import grpc

from platformkit.status import FieldViolation, ServiceError
from services.audit.domain.errors import InvalidEntryError
from services.audit.use_cases.ports import StoreUnavailableError


@contextmanager
def refusals() -> Iterator[None]:
    """Raises errors of the domain and of the store as `ServiceError`."""
    try:
        yield
    except InvalidEntryError as error:
        violation = FieldViolation(error.field, error.description, "FIELD_INVALID")
        code = grpc.StatusCode.INVALID_ARGUMENT
        raise ServiceError(code, str(error), reason="FIELD_INVALID", violations=(violation,)) from error
    except StoreUnavailableError as error:
        message = "the audit trail cannot be reached right now; try again"
        raise ServiceError(grpc.StatusCode.UNAVAILABLE, message, reason="STORE_UNAVAILABLE") from error
