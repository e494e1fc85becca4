"""What the gateway needs of auth: driven through its own edge, over gRPC and, for some, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
from pact import match
from plt.auth.v1 import auth_pb2

from platformkit.channels import HttpChannel, grpc_channel
from platformkit.tokens import read_key_set
from servanda import PactWith
from tests.contract.consumer.conftest import Edge
from tests.contract.consumer.test_gateway_identity import error, reason_of

AUTH = auth_pb2.DESCRIPTOR.services_by_name["AuthService"]
SERVICE = "plt.auth.v1.AuthService"
# Nobody else's: events about the users of other interactions reach the accounts at any time.
USER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-0000000a0701"
EMAIL = "ada@auth.example.org"
PASSWORD = "correct horse battery"
OTHER_PASSWORD = "another horse battery"
TOKEN = "refresh-token-of-a-contract"
SECONDS = 1767323045
JWT = r"[\w-]+\.[\w-]+\.[\w-]+"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TIME = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z"


def tokens() -> dict[str, Any]:
    return {
        "access_token": match.regex("aa.bb.cc", regex=JWT),
        "access_expire_time": {"seconds": match.int(SECONDS)},
        "refresh_token": match.regex("next", regex=r"[\w-]+"),
        "refresh_expire_time": {"seconds": match.int(SECONDS)},
        "session_id": match.regex("7f1f0f6e-2b1c-4c5d-8e9f-0000000a0799", regex=UUID),
    }


CREDENTIALS = {"user_id": USER_ID, "email": EMAIL, "password": PASSWORD}
SESSION = {**CREDENTIALS, "refresh_token": TOKEN}


async def test_credentials_are_registered(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "auth")
    (
        pact.upon_calling("a first password of a user", f"{SERVICE}/RegisterCredentials")
        .given("a user exists", user_id=USER_ID, email=EMAIL)
        .given("no credentials exist", user_id=USER_ID, email=EMAIL)
        .with_request({"user_id": USER_ID, "password": PASSWORD})
        .will_respond_with({"user_id": USER_ID, "register_time": {"seconds": match.int(SECONDS)}})
    )
    with pact.serve_grpc() as target:
        async with edge(AUTH, grpc_channel(target)) as client:
            answer = await client.post("/v1/auth/credentials", json={"userId": USER_ID, "password": PASSWORD})

    assert answer.json()["userId"] == USER_ID


async def test_a_login_begins_a_session(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "auth")
    (
        pact.upon_calling("a login", f"{SERVICE}/LogIn")
        .given("a user has credentials", CREDENTIALS)
        .with_request({"email": EMAIL, "password": PASSWORD})
        .will_respond_with({"user_id": USER_ID, "tokens": tokens()})
    )
    with pact.serve_grpc() as target:
        async with edge(AUTH, grpc_channel(target)) as client:
            answer = await client.post("/v1/auth:logIn", json={"email": EMAIL, "password": PASSWORD})

    assert set(answer.json()["tokens"]) == {
        "accessToken",
        "accessExpireTime",
        "refreshToken",
        "refreshExpireTime",
        "sessionId",
    }


async def test_tokens_are_refreshed(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "auth")
    (
        pact.upon_calling("a refresh", f"{SERVICE}/RefreshTokens")
        .given("a session exists", SESSION)
        .with_request({"refresh_token": TOKEN})
        .will_respond_with({"tokens": tokens()})
    )
    with pact.serve_grpc() as target:
        async with edge(AUTH, grpc_channel(target)) as client:
            answer = await client.post("/v1/auth:refresh", json={"refreshToken": TOKEN})

    assert answer.json()["tokens"]["refreshToken"] == "next"


async def test_a_session_is_ended(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "auth")
    (
        pact.upon_calling("a logout", f"{SERVICE}/LogOut")
        .given("a session exists", SESSION)
        .with_request({"refresh_token": TOKEN})
        .will_respond_with({})
    )
    with pact.serve_grpc() as target:
        async with edge(AUTH, grpc_channel(target)) as client:
            answer = await client.post("/v1/auth:logOut", json={"refreshToken": TOKEN})

    assert answer.status_code == 200


async def test_every_session_is_ended(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "auth")
    (
        pact.upon_calling("a logout everywhere", f"{SERVICE}/LogOutEverywhere")
        .given("a session exists", SESSION)
        .with_request({"refresh_token": TOKEN})
        .will_respond_with({"ended_sessions": 1})
    )
    with pact.serve_grpc() as target:
        async with edge(AUTH, grpc_channel(target)) as client:
            answer = await client.post("/v1/auth:logOutEverywhere", json={"refreshToken": TOKEN})

    assert answer.json()["endedSessions"] == 1


async def test_a_token_that_is_good_is_told_about(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "auth")
    (
        pact.upon_calling("an introspection of a refresh token", f"{SERVICE}/IntrospectToken")
        .given("a session exists", SESSION)
        .with_request({"token": TOKEN})
        .will_respond_with(
            {
                "active": True,
                "kind": "TOKEN_KIND_REFRESH",
                "user_id": USER_ID,
                "expire_time": {"seconds": match.int(SECONDS)},
                "session_id": match.regex("7f1f0f6e-2b1c-4c5d-8e9f-0000000a0799", regex=UUID),
            }
        )
    )
    with pact.serve_grpc() as target:
        async with edge(AUTH, grpc_channel(target)) as client:
            answer = await client.post("/v1/auth:introspect", json={"token": TOKEN})

    assert (answer.json()["active"], answer.json()["userId"]) == (True, USER_ID)


async def test_of_a_token_that_is_not_good_nothing_is_told(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "auth")
    (
        pact.upon_calling("an introspection of what is no token", f"{SERVICE}/IntrospectToken")
        .with_request({"token": "aa.bb.cc"})
        .will_respond_with({})
    )
    with pact.serve_grpc() as target:
        async with edge(AUTH, grpc_channel(target)) as client:
            answer = await client.post("/v1/auth:introspect", json={"token": "aa.bb.cc"})

    assert answer.json().get("active", False) is False


async def test_a_password_is_changed(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "auth")
    (
        pact.upon_calling("a change of a password", f"{SERVICE}/ChangePassword")
        .given("a user has credentials", CREDENTIALS)
        .with_request({"email": EMAIL, "current_password": PASSWORD, "new_password": OTHER_PASSWORD})
        .will_respond_with({"change_time": {"seconds": match.int(SECONDS)}})
    )
    body = {"email": EMAIL, "currentPassword": PASSWORD, "newPassword": OTHER_PASSWORD}
    with pact.serve_grpc() as target:
        async with edge(AUTH, grpc_channel(target)) as client:
            answer = await client.post("/v1/auth/credentials:changePassword", json=body)

    assert "changeTime" in answer.json()


REFUSALS = [
    pytest.param(
        ("a login with a wrong password", "LogIn", "/v1/auth:logIn"),
        ("a user has credentials", CREDENTIALS),
        ({"email": EMAIL, "password": "wrong"}, {"email": EMAIL, "password": "wrong"}),
        ("UNAUTHENTICATED", 401),
        id="wrong password",
    ),
    pytest.param(
        ("a login with an address that nobody has", "LogIn", "/v1/auth:logIn"),
        ("no credentials exist", {"user_id": USER_ID, "email": EMAIL}),
        ({"email": EMAIL, "password": PASSWORD}, {"email": EMAIL, "password": PASSWORD}),
        ("UNAUTHENTICATED", 401),
        id="unknown address",
    ),
    pytest.param(
        ("a login after too many attempts", "LogIn", "/v1/auth:logIn"),
        ("too many attempts failed", CREDENTIALS),
        ({"email": EMAIL, "password": PASSWORD}, {"email": EMAIL, "password": PASSWORD}),
        ("RESOURCE_EXHAUSTED", 429),
        id="too many attempts",
    ),
    pytest.param(
        ("a refresh with a token that was used", "RefreshTokens", "/v1/auth:refresh"),
        ("a refresh token was used", SESSION),
        ({"refresh_token": TOKEN}, {"refreshToken": TOKEN}),
        ("UNAUTHENTICATED", 401),
        id="used token",
    ),
    pytest.param(
        ("a logout everywhere with a token that was used", "LogOutEverywhere", "/v1/auth:logOutEverywhere"),
        ("a refresh token was used", SESSION),
        ({"refresh_token": TOKEN}, {"refreshToken": TOKEN}),
        ("UNAUTHENTICATED", 401),
        id="used token everywhere",
    ),
    pytest.param(
        ("a change of a password by whoever does not know it", "ChangePassword", "/v1/auth/credentials:changePassword"),
        ("a user has credentials", CREDENTIALS),
        (
            {"email": EMAIL, "current_password": "wrong", "new_password": OTHER_PASSWORD},
            {"email": EMAIL, "currentPassword": "wrong", "newPassword": OTHER_PASSWORD},
        ),
        ("UNAUTHENTICATED", 401),
        id="wrong current password",
    ),
    pytest.param(
        ("a second password of a user", "RegisterCredentials", "/v1/auth/credentials"),
        ("a user has credentials", CREDENTIALS),
        ({"user_id": USER_ID, "password": PASSWORD}, {"userId": USER_ID, "password": PASSWORD}),
        ("ALREADY_EXISTS", 409),
        id="credentials exist",
    ),
    pytest.param(
        ("a first password that is too short", "RegisterCredentials", "/v1/auth/credentials"),
        ("no credentials exist", {"user_id": USER_ID, "email": EMAIL}),
        ({"user_id": USER_ID, "password": "short"}, {"userId": USER_ID, "password": "short"}),
        ("INVALID_ARGUMENT", 400),
        id="short password",
    ),
    pytest.param(
        ("a first password of a user whom nobody knows", "RegisterCredentials", "/v1/auth/credentials"),
        ("no user exists", {"user_id": USER_ID}),
        ({"user_id": USER_ID, "password": PASSWORD}, {"userId": USER_ID, "password": PASSWORD}),
        ("NOT_FOUND", 404),
        id="unknown user",
    ),
    pytest.param(
        ("a first password of a user who may not act any more", "RegisterCredentials", "/v1/auth/credentials"),
        ("a deactivated user exists", {"user_id": USER_ID, "email": EMAIL}),
        ({"user_id": USER_ID, "password": PASSWORD}, {"userId": USER_ID, "password": PASSWORD}),
        ("FAILED_PRECONDITION", 400),
        id="deactivated user",
    ),
]


@pytest.mark.parametrize(("call", "state", "request_", "refusal"), REFUSALS)
async def test_a_refusal_over_grpc(
    pact_with: PactWith,
    edge: Edge,
    call: tuple[str, str, str],
    state: tuple[str, Mapping[str, object]],
    request_: tuple[dict[str, object], dict[str, object]],
    refusal: tuple[str, int],
) -> None:
    description, rpc, path = call
    message, body = request_
    code, status = refusal
    pact = pact_with("gateway", "auth")
    interaction = pact.upon_calling(description, f"{SERVICE}/{rpc}").given(state[0], dict(state[1]))
    if code == "ALREADY_EXISTS":
        interaction = interaction.given("a user exists", user_id=USER_ID, email=EMAIL)
    interaction.with_request(message).will_fail_with(code, match.str("why"))
    with pact.serve_grpc() as target:
        async with edge(AUTH, grpc_channel(target)) as client:
            answer = await client.post(path, json=body)

    assert (answer.status_code, answer.json()["error"]["status"]) == (status, code)


async def test_a_login_over_http(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "auth")
    body = {"email": EMAIL, "password": PASSWORD}
    (
        pact.upon_receiving("a login, over HTTP")
        .given("a user has credentials", CREDENTIALS)
        .with_request("POST", "/v1/auth:logIn")
        .with_body(body, "application/json")
        .will_respond_with(200)
        .with_body(
            {
                "userId": USER_ID,
                "tokens": {
                    "accessToken": match.regex("aa.bb.cc", regex=JWT),
                    "accessExpireTime": match.regex("2026-01-02T03:04:05Z", regex=TIME),
                    "refreshToken": match.regex("next", regex=r"[\w-]+"),
                },
            },
            "application/json",
        )
    )
    with pact.serve() as server:
        async with edge(AUTH, HttpChannel(str(server.url))) as client:
            answer = await client.post("/v1/auth:logIn", json=body)

    assert answer.json()["userId"] == USER_ID


@pytest.mark.parametrize(
    ("description", "state", "refusal"),
    [
        pytest.param(
            "a login with a wrong password, over HTTP",
            "a user has credentials",
            (401, "UNAUTHENTICATED", "CREDENTIALS_INVALID"),
            id="wrong",
        ),
        pytest.param(
            "a login after too many attempts, over HTTP",
            "too many attempts failed",
            (429, "RESOURCE_EXHAUSTED", "ATTEMPTS_EXHAUSTED"),
            id="exhausted",
        ),
    ],
)
async def test_a_refused_login_over_http(
    pact_with: PactWith, edge: Edge, description: str, state: str, refusal: tuple[int, str, str]
) -> None:
    status, code, reason = refusal
    pact = pact_with("gateway", "auth")
    body = {"email": EMAIL, "password": "wrong"}
    (
        pact.upon_receiving(description)
        .given(state, CREDENTIALS)
        .with_request("POST", "/v1/auth:logIn")
        .with_body(body, "application/json")
        .will_respond_with(status)
        .with_body(error(status, code, reason), "application/json")
    )
    with pact.serve() as server:
        async with edge(AUTH, HttpChannel(str(server.url))) as client:
            answer = await client.post("/v1/auth:logIn", json=body)

    assert (answer.status_code, reason_of(answer)) == (status, reason)


async def test_the_public_keys_are_read_over_http(pact_with: PactWith) -> None:
    pact = pact_with("gateway", "auth")
    key = {
        "kty": "EC",
        "crv": "P-256",
        "alg": "ES256",
        "use": "sig",
        "kid": match.regex("key-1", regex=r"[\w-]{1,64}"),
        "x": match.regex("CaHI2iIVHSjN_wndHix73W-ARNWzsdNakFwSAjwwoKY", regex=r"[\w-]{43}"),
        "y": match.regex("dKDqrJAT3TVtUQWsV-34PXl1j-NptuWENJcHOhvVS5A", regex=r"[\w-]{43}"),
    }
    (
        pact.upon_receiving("the public keys, over HTTP")
        .with_request("GET", "/.well-known/jwks.json")
        .will_respond_with(200)
        .with_body({"keys": match.each_like(key, min=1)}, "application/json")
    )
    with pact.serve() as server:
        async with httpx2.AsyncClient() as client:
            answer = await client.get(f"{server.url}/.well-known/jwks.json")

    assert [found.key_id for found in read_key_set(answer.content)] == ["key-1"]
