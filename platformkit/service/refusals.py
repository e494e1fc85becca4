"""Errors of the domain and of the store as callers see them: one table from error to status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import grpc

from platformkit.service.errors import StoreUnavailableError
from platformkit.status import FieldViolation, ServiceError


@dataclass(frozen=True, slots=True)
class Refusals:
    """Turns what a use case raises into what the caller is told.

    Args:
        holding: What the store holds, for a message: ``the users``.
        invalid: Error of a field; it has the attributes ``field`` (its path) and ``description`` (the rule, as a
            sentence about the field).
        codes: Status code and reason of every other error of the domain.
    """

    holding: str
    invalid: type[Exception]
    codes: Mapping[type[Exception], tuple[grpc.StatusCode, str]]

    @contextmanager
    def raised(self, parent: str = "") -> Iterator[None]:
        """Raise errors of the domain and of the store as ServiceError; others pass as they are.

        Args:
            parent: Field of the request in which the fields of the domain are; empty if that is the request itself.
        """
        try:
            yield
        except StoreUnavailableError as error:
            message = f"{self.holding} cannot be reached right now; try again"
            raise ServiceError(grpc.StatusCode.UNAVAILABLE, message, reason="STORE_UNAVAILABLE") from error
        except self.invalid as error:
            raise _invalid_field(error, parent) from error
        except tuple(self.codes) as error:
            code, reason = self.codes[type(error)]
            raise ServiceError(code, str(error), reason=reason) from error


def _invalid_field(error: Any, parent: str) -> ServiceError:
    field = f"{parent}.{error.field}" if parent else error.field
    violation = FieldViolation(field, error.description, "FIELD_INVALID")
    message = f"{field} {error.description}"
    return ServiceError(grpc.StatusCode.INVALID_ARGUMENT, message, reason="FIELD_INVALID", violations=(violation,))
