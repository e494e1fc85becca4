"""What outsiders may send by mistake or on purpose, through the gateway of the running platform."""

from __future__ import annotations

import json
import uuid
from typing import Any

import httpx2
import pytest


@pytest.fixture
def outside(operator: httpx2.Client) -> httpx2.Client:
    return operator


def new_user(**fields: Any) -> dict[str, Any]:
    return {"email": f"{uuid.uuid4().hex}@example.org", "profile": {"displayName": "Ada"}, **fields}


def assert_refused(answer: httpx2.Response, status: int, name: str, part: str) -> None:
    """The one error document says what was wrong, in its reason, its message or the path of a field."""
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert (error["code"], error["status"]) == (status, name)
    assert part in json.dumps(error)
    assert "Traceback" not in answer.text
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("method", "path", "body", "refusal"),
    [
        pytest.param("GET", "/v1/nothing", None, (404, "NOT_FOUND", "ROUTE_NOT_FOUND"), id="unknown route"),
        pytest.param("PUT", "/v1/users", {}, (405, "UNIMPLEMENTED", "GET, POST"), id="unknown verb"),
        pytest.param("POST", "/v1/users", {"user": 1}, (400, "INVALID_ARGUMENT", '"user"'), id="wrong JSON type"),
        pytest.param(
            "POST",
            "/v1/users",
            {"user": new_user(email=["x"])},
            (400, "INVALID_ARGUMENT", "user.email"),
            id="wrong type within",
        ),
        pytest.param(
            "POST",
            "/v1/users",
            {"user": new_user(roles=["ROLE_KING"])},
            (400, "INVALID_ARGUMENT", "user.roles"),
            id="unknown enum value",
        ),
        pytest.param(
            "POST",
            "/v1/users",
            {"user": new_user(nickname="A")},
            (400, "INVALID_ARGUMENT", "user.nickname"),
            id="unknown field",
        ),
        pytest.param(
            "POST",
            "/v1/users",
            {"user": new_user(labels={"note": "x" * 2_000_000})},
            (413, "INVALID_ARGUMENT", "bytes"),
            id="oversized body",
        ),
        pytest.param(
            "GET",
            "/v1/users?pageToken=forged",
            None,
            (400, "INVALID_ARGUMENT", "PAGE_TOKEN_INVALID"),
            id="forged token of users",
        ),
        pytest.param(
            "GET",
            "/v1/audit/entries?pageToken=forged",
            None,
            (400, "INVALID_ARGUMENT", "PAGE_TOKEN_INVALID"),
            id="forged token of entries",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_place_of_the_fault(
    outside: httpx2.Client, method: str, path: str, body: object, refusal: tuple[int, str, str]
) -> None:
    assert_refused(outside.request(method, path, json=body), *refusal)


def test_a_key_that_was_used_for_another_user_is_refused(outside: httpx2.Client) -> None:
    key = uuid.uuid4().hex
    first = outside.post("/v1/users", json={"user": new_user(), "idempotencyKey": key})
    assert first.status_code == 200
    other = outside.post("/v1/users", json={"user": new_user(), "idempotencyKey": key})
    assert_refused(other, 409, "ABORTED", "IDEMPOTENCY_KEY_REUSED")


def test_a_change_to_a_revision_that_is_gone_is_refused_with_the_present_one(outside: httpx2.Client) -> None:
    user = outside.post("/v1/users", json={"user": new_user()}).json()["user"]
    path = f"/v1/users/{user['userId']}"
    changed = outside.patch(path, json={"labels": {"team": "engines"}, "etag": user["etag"]}).json()["user"]
    late = outside.patch(path, json={"labels": {"team": "wings"}, "etag": user["etag"]})
    assert_refused(late, 409, "ABORTED", "ETAG_STALE")
    assert changed["etag"] in late.text
