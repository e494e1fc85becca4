from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from urllib.parse import quote

import grpc
import pytest
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from hypothesis import given
from hypothesis import strategies as st

from platformkit.status import (
    FieldViolation,
    ServiceError,
    code_of_http,
    error_document,
    http_status,
    parse_error_document,
    rpc_error,
)
from platformkit.status.bounds import MAX_VIOLATIONS, clipped
from platformkit.status.document import parse_status

NOT_FOUND = ServiceError(grpc.StatusCode.NOT_FOUND, "no such user", reason="USER_NOT_FOUND", metadata={"user_id": "7"})
FAILURES = [code for code in grpc.StatusCode if code is not grpc.StatusCode.OK]
PLAIN = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "%")
texts = st.text(max_size=20)
errors = st.builds(
    ServiceError,
    st.sampled_from(FAILURES),
    texts,
    reason=st.from_regex(r"[A-Z_]{1,20}", fullmatch=True),
    domain=texts,
    metadata=st.dictionaries(texts, texts, max_size=3),
    violations=st.lists(st.builds(FieldViolation, texts, texts, texts), max_size=3).map(tuple),
)


@pytest.mark.parametrize("code", list(grpc.StatusCode), ids=lambda code: code.name)
def test_every_code_of_grpc_has_an_http_status(code: grpc.StatusCode) -> None:
    assert code.value[0] in code_pb2.Code.values()
    assert 200 <= http_status(code) < 600


@pytest.mark.parametrize("code", FAILURES, ids=lambda code: code.name)
def test_no_failure_looks_like_a_success_over_http(code: grpc.StatusCode) -> None:
    assert http_status(code) >= 400


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429, 499, 501, 503, 504])
def test_an_http_status_means_a_code_that_maps_back_to_it(status: int) -> None:
    assert http_status(code_of_http(status)) == status


def test_an_http_status_without_a_meaning_is_unknown() -> None:
    assert code_of_http(418) is grpc.StatusCode.UNKNOWN


@given(errors)
def test_an_error_survives_the_way_as_a_status(error: ServiceError) -> None:
    assert ServiceError.from_status(error.to_status()).to_status() == error.to_status()


@given(errors)
def test_an_error_survives_the_way_as_an_error_document(error: ServiceError) -> None:
    body = json.dumps(error_document(error.to_status())).encode()
    assert parse_error_document(http_status(error.code), body).to_status() == error.to_status()


@given(errors)
def test_an_error_survives_the_way_as_the_error_of_a_stub(error: ServiceError) -> None:
    assert ServiceError.from_rpc_error(rpc_error(error.to_status())).to_status() == error.to_status()


def test_the_document_of_an_error_has_the_shape_of_aip_193() -> None:
    assert error_document(NOT_FOUND.to_status()) == {
        "error": {
            "code": 404,
            "status": "NOT_FOUND",
            "message": "no such user",
            "details": [
                {
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": "USER_NOT_FOUND",
                    "domain": "plt",
                    "metadata": {"user_id": "7"},
                }
            ],
        }
    }


def test_a_detail_of_a_type_that_nobody_knows_is_passed_on() -> None:
    status = status_pb2.Status(code=5, message="gone")
    status.details.append(any_pb2.Any(type_url="type.googleapis.com/acme.Unknown", value=b"\x00\x01\xff"))
    body = json.dumps(error_document(status)).encode()
    assert parse_status(404, body) == status


def test_details_besides_ours_survive() -> None:
    status = NOT_FOUND.to_status()
    status.details.add().Pack(error_details_pb2.RetryInfo(retry_delay={"seconds": 3}))
    assert parse_status(404, json.dumps(error_document(status)).encode()) == status


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<html>Bad Gateway</html>", id="html"),
        pytest.param(b"", id="empty"),
        pytest.param(b"[]", id="list"),
        pytest.param(b'{"error": "gone"}', id="text-in-place-of-the-error"),
        pytest.param(b'{"error": {"status": "NO_SUCH", "message": "x"}}', id="unknown-status"),
        pytest.param(b'{"error": {"status": "NOT_FOUND", "message": 7}}', id="number-in-place-of-the-message"),
        pytest.param(b'{"error": {"status": "NOT_FOUND", "message": "x", "details": [7]}}', id="number-as-detail"),
        pytest.param(b'{"error": {"status": "NOT_FOUND", "message": "x", "details": [{"@type": "a"}]}}', id="no-value"),
    ],
)
def test_a_body_that_is_no_error_document_is_told_from_its_http_status(body: bytes) -> None:
    error = parse_error_document(502, body)
    assert error.code is grpc.StatusCode.UNAVAILABLE
    assert "502" in error.message


def test_a_status_that_contradicts_its_call_is_not_believed() -> None:
    trailing = grpc.aio.Metadata(("grpc-status-details-bin", NOT_FOUND.to_status().SerializeToString()))
    error = grpc.aio.AioRpcError(grpc.StatusCode.INTERNAL, grpc.aio.Metadata(), trailing, details="bad")
    assert ServiceError.from_rpc_error(error).code is grpc.StatusCode.INTERNAL


def test_the_text_of_an_error_names_code_reason_and_fields() -> None:
    error = ServiceError(
        grpc.StatusCode.INVALID_ARGUMENT,
        "refused",
        reason="MALFORMED",
        violations=(FieldViolation("user.email", "is empty"),),
    )
    assert str(error) == "INVALID_ARGUMENT MALFORMED: refused; user.email: is empty"


@given(st.text(alphabet=st.characters(exclude_categories=())), st.integers(3, 40))
def test_a_clipped_text_can_be_sent_and_fits(text: str, limit: int) -> None:
    sent = clipped(text, limit)
    assert len(quote(sent, safe=PLAIN)) <= limit
    assert clipped(sent, limit) == sent


def test_a_text_within_its_limit_stays_as_it_is() -> None:
    assert clipped("user.roles[0]: é") == "user.roles[0]: é"


def test_a_lone_surrogate_is_told_by_its_escape() -> None:
    assert clipped("\ud800") == "\\ud800"


def test_an_error_lists_its_first_violations_and_counts_the_rest() -> None:
    error = invalid(FieldViolation(str(number), "x") for number in range(200_000))
    assert [violation.field for violation in error.violations] == [str(number) for number in range(MAX_VIOLATIONS)]
    assert error.metadata["omittedViolations"] == str(200_000 - MAX_VIOLATIONS)


@pytest.mark.parametrize(
    "text", ["a" * 500_000, "\u4e2d" * 200_000, "\ud800" * 100_000], ids=["ascii", "han", "surrogates"]
)
def test_an_error_fits_into_what_every_grpc_peer_takes(text: str) -> None:
    error = ServiceError(
        grpc.StatusCode.INVALID_ARGUMENT,
        text,
        reason="BAD",
        metadata={"path": text},
        violations=[FieldViolation(text, text, "WRONG_TYPE")] * 100,
    )
    details = base64.b64encode(error.to_status().SerializeToString())
    assert len(quote(error.message)) + len(details) < 8 * 1024


def test_an_error_that_another_service_cut_arrives_as_it_was_cut() -> None:
    error = invalid(FieldViolation("a" * 1000, "b" * 1000) for _ in range(60))
    assert ServiceError.from_status(error.to_status()).to_status() == error.to_status()


def invalid(violations: Iterable[FieldViolation]) -> ServiceError:
    return ServiceError(grpc.StatusCode.INVALID_ARGUMENT, "no", reason="BAD", violations=violations)
