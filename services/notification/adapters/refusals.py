"""Errors of the domain as callers see them."""

from __future__ import annotations

from typing import Final

import grpc

from platformkit.service import Refusals
from services.notification.domain.errors import (
    EtagStaleError,
    InvalidFieldError,
    RecipientInactiveError,
    RecipientUnknownError,
)

REFUSALS: Final = Refusals(
    "the notifications",
    InvalidFieldError,
    {
        EtagStaleError: (grpc.StatusCode.ABORTED, "ETAG_STALE"),
        RecipientInactiveError: (grpc.StatusCode.FAILED_PRECONDITION, "USER_DEACTIVATED"),
        RecipientUnknownError: (grpc.StatusCode.NOT_FOUND, "USER_NOT_FOUND"),
    },
)
