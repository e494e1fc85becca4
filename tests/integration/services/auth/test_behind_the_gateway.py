"""Tokens of auth at a gateway that verifies them: who is let through, and for how long."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from plt.auth.v1 import auth_pb2
from plt.auth.v1.auth_pb2_grpc import AuthServiceStub
from plt.identity.v1 import identity_pb2
from plt.identity.v1.identity_pb2_grpc import IdentityServiceStub

from platformkit.channels import grpc_channel
from services.auth.application import application as auth_application
from services.gateway.application import application as gateway_application
from services.identity.application import application as identity_application
from tests.integration.services.serving import serving
from tests.integration.waiting import until

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Outside:
    """People outside of the platform."""

    client: httpx2.AsyncClient
    users: Mapping[str, str]

    async def log_in(self, name: str) -> Mapping[str, str]:
        """The tokens of a new session."""
        body = {"email": f"{name}@example.com", "password": PASSWORD}
        answer = await self.client.post("/v1/auth:logIn", json=body)
        tokens: Mapping[str, str] = answer.json()["tokens"]
        return tokens

    async def status(self, path: str, token: str | None = None, **headers: str) -> int:
        """The status of an answer to a GET with a token, or without one."""
        own = {} if token is None else {"authorization": f"Bearer {token}"}
        return (await self.client.get(path, headers={**own, **headers})).status_code


@pytest.fixture
async def outside(environs: Mapping[str, Mapping[str, str]], tmp_path: Path) -> AsyncIterator[Outside]:
    configuration = tmp_path / "gateway.toml"
    configuration.write_text("[authentication]\n")
    verifying = {"GATEWAY_CONFIGURATION": str(configuration)}
    async with (
        serving("identity", identity_application, environs["identity"]) as identity,
        serving("auth", auth_application, environs["auth"]) as auth,
        serving("gateway", gateway_application, {**environs["auth"], **verifying}, grpc=False) as front,
        grpc_channel(f"127.0.0.1:{identity.grpc_port}") as to_identity,
        grpc_channel(f"127.0.0.1:{auth.grpc_port}") as to_auth,
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{front.http_port}") as client,
    ):
        users: dict[str, str] = {}
        for name, role in (("ada", identity_pb2.ROLE_ADMIN), ("max", identity_pb2.ROLE_MEMBER)):
            profile = identity_pb2.Profile(display_name=name)
            user = identity_pb2.User(email=f"{name}@example.com", profile=profile, roles=[role])
            created = await IdentityServiceStub(to_identity).CreateUser(identity_pb2.CreateUserRequest(user=user))
            users[name] = created.user.user_id
            credentials = auth_pb2.RegisterCredentialsRequest(user_id=users[name], password=PASSWORD)
            await AuthServiceStub(to_auth).RegisterCredentials(credentials)

        async def routed() -> bool:
            answers = [await client.get("/v1/users"), await client.post("/v1/auth:logIn", json={})]
            return 404 not in {answer.status_code for answer in answers}

        await until(routed)
        yield Outside(client, users)


async def test_a_token_opens_what_its_roles_open(outside: Outside) -> None:
    admin = (await outside.log_in("ada"))["accessToken"]
    member = (await outside.log_in("max"))["accessToken"]

    assert await outside.status("/v1/users") == 401
    assert await outside.status("/v1/users", member) == 403
    assert await outside.status("/v1/users", admin) == 200
    assert await outside.status(f"/v1/users/{outside.users['max']}", member) == 200
    assert await outside.status(f"/v1/users/{outside.users['max'].upper()}", member) == 200
    assert await outside.status(f"/v1/users/{outside.users['max']}", admin) == 200
    assert await outside.status(f"/v1/users/{outside.users['ada']}", member) == 403


async def test_no_header_makes_anybody_somebody(outside: Outside) -> None:
    spoofed = {"x-user-id": outside.users["ada"], "x-roles": "admin", "grpc-metadata-x-roles": "admin"}
    assert await outside.status("/v1/users", **spoofed) == 401
    assert await outside.status("/v1/users", authorization="Basic YWRhOmFkYQ==") == 401


async def test_a_session_that_ends_closes_what_its_token_opened(outside: Outside) -> None:
    tokens = await outside.log_in("ada")
    assert await outside.status("/v1/users", tokens["accessToken"]) == 200
    await outside.client.post("/v1/auth:logOut", json={"refreshToken": tokens["refreshToken"]})

    async def closed() -> bool:
        return await outside.status("/v1/users", tokens["accessToken"]) == 401

    await until(closed, seconds=5)


async def test_a_user_who_is_deactivated_is_shut_out(outside: Outside) -> None:
    admin, member = await outside.log_in("ada"), await outside.log_in("max")
    headers = {"authorization": f"Bearer {admin['accessToken']}"}
    path = f"/v1/users/{outside.users['max']}"
    assert await outside.status(path, member["accessToken"]) == 200
    await outside.client.post(f"{path}:deactivate", json={}, headers=headers)

    async def closed() -> bool:
        return await outside.status(path, member["accessToken"]) == 401

    await until(closed)
    refreshed = await outside.client.post("/v1/auth:refresh", json={"refreshToken": member["refreshToken"]})
    assert refreshed.status_code == 401


async def test_an_expired_token_does_not_keep_its_owner_from_logging_in(outside: Outside) -> None:
    body = {"email": "ada@example.com", "password": PASSWORD}
    answer = await outside.client.post("/v1/auth:logIn", json=body, headers={"authorization": "Bearer aa.bb.cc"})
    assert answer.status_code == 200
