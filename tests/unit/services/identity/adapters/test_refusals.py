import grpc
import pytest

from platformkit.service import StoreUnavailableError
from platformkit.status import FieldViolation, ServiceError
from services.identity.adapters.refusals import REFUSALS
from services.identity.domain.errors import (
    EmailTakenError,
    EtagStaleError,
    IdempotencyKeyReusedError,
    IdentityError,
    InvalidUserError,
    UserDeactivatedError,
    UserNotFoundError,
)


@pytest.mark.parametrize(
    ("error", "code", "reason"),
    [
        pytest.param(EmailTakenError("a@b.c"), "ALREADY_EXISTS", "EMAIL_TAKEN", id="e-mail address taken"),
        pytest.param(EtagStaleError("u", expected="r1", actual="r2"), "ABORTED", "ETAG_STALE", id="stale etag"),
        pytest.param(IdempotencyKeyReusedError("k"), "ABORTED", "IDEMPOTENCY_KEY_REUSED", id="key reused"),
        pytest.param(UserDeactivatedError("u"), "FAILED_PRECONDITION", "USER_DEACTIVATED", id="deactivated"),
        pytest.param(UserNotFoundError("u"), "NOT_FOUND", "USER_NOT_FOUND", id="not found"),
        pytest.param(StoreUnavailableError(), "UNAVAILABLE", "STORE_UNAVAILABLE", id="store away"),
    ],
)
def test_an_error_reaches_the_caller_with_its_code_and_reason(error: Exception, code: str, reason: str) -> None:
    with pytest.raises(ServiceError) as refusal, REFUSALS.raised():
        raise error
    assert (refusal.value.code, refusal.value.reason) == (grpc.StatusCode[code], reason)


def test_every_error_of_the_domain_has_a_code() -> None:
    for kind in IdentityError.__subclasses__():
        with pytest.raises(ServiceError), REFUSALS.raised():
            raise kind.__new__(kind) if kind is not InvalidUserError else InvalidUserError("email", "must be set")


@pytest.mark.parametrize(
    ("parent", "field"),
    [pytest.param("user", "user.email", id="in the user"), pytest.param("", "email", id="in the request itself")],
)
def test_a_field_at_fault_is_named_from_the_request_on(parent: str, field: str) -> None:
    with pytest.raises(ServiceError) as refusal, REFUSALS.raised(parent):
        raise InvalidUserError("email", "must not be empty")
    assert refusal.value.violations == (FieldViolation(field, "must not be empty", "FIELD_INVALID"),)


def test_other_errors_pass_as_they_are() -> None:
    with pytest.raises(ZeroDivisionError), REFUSALS.raised():
        raise ZeroDivisionError
