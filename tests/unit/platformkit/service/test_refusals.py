from __future__ import annotations

import grpc
import pytest

from platformkit.service import StoreUnavailableError
from platformkit.service.refusals import Refusals
from platformkit.status import FieldViolation, ServiceError


class InvalidError(Exception):
    field, description = "name", "must not be empty"


class TakenError(Exception):
    pass


REFUSALS = Refusals("the things", InvalidError, {TakenError: (grpc.StatusCode.ALREADY_EXISTS, "TAKEN")})


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        pytest.param(TakenError("is taken"), "ALREADY_EXISTS TAKEN: is taken", id="of the domain"),
        pytest.param(
            StoreUnavailableError("10.0.0.7 refused"),
            "UNAVAILABLE STORE_UNAVAILABLE: the things cannot be reached right now; try again",
            id="store away",
        ),
    ],
)
def test_an_error_becomes_what_the_table_says(raised: Exception, said: str) -> None:
    with pytest.raises(ServiceError) as refusal, REFUSALS.raised():
        raise raised
    assert str(refusal.value) == said


@pytest.mark.parametrize(("parent", "field"), [("", "name"), ("thing", "thing.name")])
def test_a_field_at_fault_is_named_from_the_request_on(parent: str, field: str) -> None:
    with pytest.raises(ServiceError) as refusal, REFUSALS.raised(parent):
        raise InvalidError
    assert refusal.value.message == f"{field} must not be empty"
    assert refusal.value.violations == (FieldViolation(field, "must not be empty", "FIELD_INVALID"),)


def test_any_other_error_passes_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError), REFUSALS.raised():
        raise ZeroDivisionError
