"""Errors of the domain as callers see them."""

from __future__ import annotations

from typing import Final

import grpc

from platformkit.service.refusals import Refusals
from services.identity.domain.errors import (
    EmailTakenError,
    EtagStaleError,
    IdempotencyKeyReusedError,
    InvalidUserError,
    UserDeactivatedError,
    UserNotFoundError,
)

REFUSALS: Final = Refusals(
    "the users",
    InvalidUserError,
    {
        EmailTakenError: (grpc.StatusCode.ALREADY_EXISTS, "EMAIL_TAKEN"),
        EtagStaleError: (grpc.StatusCode.ABORTED, "ETAG_STALE"),
        IdempotencyKeyReusedError: (grpc.StatusCode.ABORTED, "IDEMPOTENCY_KEY_REUSED"),
        UserDeactivatedError: (grpc.StatusCode.FAILED_PRECONDITION, "USER_DEACTIVATED"),
        UserNotFoundError: (grpc.StatusCode.NOT_FOUND, "USER_NOT_FOUND"),
    },
)
