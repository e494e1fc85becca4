"""The platform under test: the one that runs already, or one that is started for the session. Everybody has to log in.

Where ``GATEWAY_URL`` names a platform, ``FIRST_ADMIN_EMAIL`` and the environment of auth say how to make its first
administrator; without it nobody is asked who it is there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass

import httpx2
import pytest

from servanda.infra import Namespace, isolate
from tests.integration.running_platform import ASKING, running_platform
from tests.integration.services.passwords import password_of

GATEWAY_URL = "GATEWAY_URL"


class Session(httpx2.Auth):
    """A login that lasts: its access token is exchanged for the next one when it has ended, however long tests take.

    Nobody logs in again: after tests that try passwords, the address of all of them has to wait for its next login.
    """

    requires_response_body = True

    def __init__(self, gateway_url: str, email: str, password: str) -> None:
        self._gateway_url = gateway_url
        with httpx2.Client() as client:
            self._keep(client.send(self._ask("logIn", {"email": email, "password": password})))

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        """Send the request, and once more with the next token where it is refused."""
        request.headers["Authorization"] = f"Bearer {self._access_token}"
        response = yield request
        if response.status_code == httpx2.codes.UNAUTHORIZED:
            self._keep((yield self._ask("refresh", {"refreshToken": self._refresh_token})))
            request.headers["Authorization"] = f"Bearer {self._access_token}"
            yield request

    def renewed(self) -> str:
        """Return an access token that was just issued."""
        with httpx2.Client() as client:
            self._keep(client.send(self._ask("refresh", {"refreshToken": self._refresh_token})))
        return self._access_token

    def _ask(self, verb: str, body: Mapping[str, str]) -> httpx2.Request:
        return httpx2.Request("POST", f"{self._gateway_url}/v1/auth:{verb}", json=body)

    def _keep(self, answer: httpx2.Response) -> None:
        tokens = answer.raise_for_status().json()["tokens"]
        self._access_token, self._refresh_token = str(tokens["accessToken"]), str(tokens["refreshToken"])


@dataclass(frozen=True, slots=True)
class Entry:
    """Address for outside traffic, and the environment of the command that makes the first administrator."""

    gateway_url: str
    environment: Mapping[str, str]


@pytest.fixture(scope="session")
def entry(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Entry]:
    """The entry of the platform; ``GATEWAY_URL`` names one that runs already."""
    if given := os.environ.get(GATEWAY_URL):
        yield Entry(given, os.environ)
        return
    endpoints = request.getfixturevalue("servanda_endpoints")
    with (
        isolate(endpoints) as namespace,
        running_platform(namespace, tmp_path_factory.mktemp("platform"), overrides={"gateway": ASKING}) as platform,
    ):
        yield Entry(platform.gateway_url, {**os.environ, **_of_the_first_administrator(namespace)})


@pytest.fixture(scope="session")
def gateway_url(entry: Entry) -> str:
    """The address at which outside traffic enters."""
    return entry.gateway_url


@pytest.fixture(scope="session")
def administrator(entry: Entry) -> Iterator[httpx2.Client]:
    """An administrator, who may create users and give them passwords."""
    session = _session_of_first_administrator(entry) if entry.environment.get("FIRST_ADMIN_EMAIL") else None
    with httpx2.Client(base_url=entry.gateway_url, timeout=10, auth=session) as client:
        yield client


@pytest.fixture(scope="session")
def session_of_operator(entry: Entry, administrator: httpx2.Client) -> Session:
    """The login of somebody with every role, whom the administrator has invited."""
    return Session(entry.gateway_url, *invited(administrator, "operator", "ROLE_ADMIN", "ROLE_AUDITOR"))


@pytest.fixture
def operator(entry: Entry, session_of_operator: Session) -> Iterator[httpx2.Client]:
    """Somebody with every role, with an access token that was just issued."""
    headers = {"Authorization": f"Bearer {session_of_operator.renewed()}"}
    with httpx2.Client(base_url=entry.gateway_url, timeout=10, headers=headers) as client:
        yield client


def invited(administrator: httpx2.Client, name: str, *roles: str) -> tuple[str, str]:
    """The address and password of a new user with these roles; an address that nobody had, where others were before."""
    email, password = f"{name}-{uuid.uuid4().hex}@example.com", uuid.uuid4().hex
    user = {"email": email, "profile": {"displayName": email}, "roles": roles}
    created = administrator.post("/v1/users", json={"user": user}).raise_for_status().json()["user"]
    credentials = {"userId": created["userId"], "password": password}
    administrator.post("/v1/auth/credentials", json=credentials).raise_for_status()
    return email, password


def _session_of_first_administrator(entry: Entry) -> Session:
    login = entry.environment["FIRST_ADMIN_EMAIL"], entry.environment["FIRST_ADMIN_PASSWORD"]
    try:
        # Who goes through a platform again finds the one of the time before.
        return Session(entry.gateway_url, *login)
    except httpx2.HTTPStatusError as error:
        if error.response.status_code != httpx2.codes.UNAUTHORIZED:
            raise
    command = [sys.executable, "-m", "services.auth", "first-admin"]
    subprocess.run(command, check=True, timeout=60, env=entry.environment)
    return Session(entry.gateway_url, *login)


def _of_the_first_administrator(namespace: Namespace) -> dict[str, str]:
    postgres = namespace.endpoints.postgres
    address = f"{postgres.host}:{postgres.port}/{postgres.database}"
    return {
        "FIRST_ADMIN_EMAIL": "root@example.com",
        "FIRST_ADMIN_PASSWORD": uuid.uuid4().hex,
        "POSTGRES_DSN": f"postgresql://auth_rw:{password_of('auth')}@{address}",
        "REDIS_URL": namespace.endpoints.redis.url,
        "NAMESPACE": namespace.name,
    }
