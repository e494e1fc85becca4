"""The first administrator of a platform that has nobody yet, as docs/reference/auth.md tells it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from plt.auth.v1.auth_pb2 import LogInRequest
from plt.auth.v1.auth_pb2_grpc import AuthServiceStub

from platformkit.channels import grpc_channel
from platformkit.lifecycle import Settings, StartError
from platformkit.tokens import Claims
from platformkit.tokens.compact import read
from services.auth.application import application
from services.auth.first_admin import first_admin
from services.identity.application import application as identity
from tests.integration.services.serving import serving

EMAIL, PASSWORD = "root@example.com", "of this test alone"


def settings(environ: Mapping[str, str], **changes: str) -> Settings:
    admin = {"FIRST_ADMIN_EMAIL": EMAIL, "FIRST_ADMIN_PASSWORD": PASSWORD}
    return Settings.from_environ("auth", {**environ, **admin, **changes})


async def test_the_first_administrator_is_made_once_and_logs_in(environs: Mapping[str, Mapping[str, str]]) -> None:
    required = {name: {**environ, "INTERNAL_TOKENS": "required"} for name, environ in environs.items()}
    async with serving("identity", identity, required["identity"]):
        await first_admin(settings(required["auth"]))
        await first_admin(settings(required["auth"], FIRST_ADMIN_PASSWORD="another one, in vain"))
    async with (
        serving("auth", application, environs["auth"]) as auth,
        grpc_channel(f"127.0.0.1:{auth.grpc_port}") as channel,
    ):
        answer = await AuthServiceStub(channel).LogIn(LogInRequest(email=EMAIL, password=PASSWORD))
    _, payload = read(answer.tokens.access_token)
    assert Claims.of(payload).roles == ("admin",)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        pytest.param({"FIRST_ADMIN_PASSWORD": ""}, "auth needs FIRST_ADMIN_PASSWORD, which is not set", id="none"),
        pytest.param({"FIRST_ADMIN_PASSWORD": "short"}, "expected 12 to 128 characters, found 5", id="short"),
        pytest.param({}, "identity says UNAVAILABLE", id="identity away"),
    ],
)
async def test_what_keeps_the_administrator_from_being_made_is_told(
    environ: Mapping[str, str], changes: dict[str, str], what: str
) -> None:
    with pytest.raises(StartError, match=what):
        await first_admin(settings(environ, **changes))
