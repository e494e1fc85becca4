import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

import httpx2
import pytest

from platformkit.lifecycle import Settings
from services.gateway.application import application as gateway
from services.identity.application import application as identity
from tests.integration.services.forwarding import Forwarder
from tests.integration.services.serving import serving

USER = {"user": {"email": "ada@example.com", "profile": {"displayName": "Ada"}}}
NOBODY = "/v1/users/7f1f0f6e-2b1c-4c5d-8e9f-000000000001"


@asynccontextmanager
async def outside(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody who reaches the gateway only."""
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{settings.http_port}", timeout=10) as client:
        yield client


def reason(response: httpx2.Response) -> str:
    return str(response.json()["error"]["details"][0]["reason"])


async def answered(client: httpx2.AsyncClient, path: str, status: int) -> httpx2.Response:
    """The answer of a path as soon as it has this status: what discovery shows reaches the gateway a moment later."""
    response = await client.get(path)
    async with asyncio.timeout(10):
        while response.status_code != status:
            await asyncio.sleep(0.02)
            response = await client.get(path)
    return response


@pytest.mark.parametrize("grpc", [pytest.param(True, id="over gRPC"), pytest.param(False, id="over HTTP alone")])
async def test_a_user_is_created_and_read_through_the_gateway(environ: Mapping[str, str], grpc: bool) -> None:
    async with (
        serving("gateway", gateway, environ, grpc=False) as edge,
        serving("identity", identity, environ, grpc=grpc),
        outside(edge) as client,
    ):
        await answered(client, "/v1/users", 200)
        created = await client.post("/v1/users", json=USER, headers={"x-request-id": "request-1"})
        assert created.status_code == 200
        assert created.headers["x-request-id"] == "request-1"
        user = created.json()["user"]
        assert (await client.get(f"/v1/users/{user['userId']}")).json()["user"] == user
        refused = await client.post("/v1/users", json=USER)
        assert (refused.status_code, reason(refused)) == (409, "EMAIL_TAKEN")


async def test_a_service_that_went_away_is_unavailable_and_comes_back_under_its_routes(
    environ: Mapping[str, str],
) -> None:
    async with serving("gateway", gateway, environ, grpc=False) as edge, outside(edge) as client:
        assert reason(await client.get(NOBODY)) == "ROUTE_NOT_FOUND"
        async with serving("identity", identity, environ):
            await answered(client, "/v1/users", 200)
        away = await answered(client, NOBODY, 503)
        assert reason(away) == "NO_INSTANCE"
        async with serving("identity", identity, environ):
            await answered(client, "/v1/users", 200)
            assert reason(await client.get(NOBODY)) == "USER_NOT_FOUND"


async def test_calls_go_on_while_discovery_is_away(environ: Mapping[str, str]) -> None:
    address = urlsplit(environ["REDIS_URL"])
    async with AsyncExitStack() as stack:
        way = await stack.enter_async_context(Forwarder(str(address.hostname), address.port or 0))
        through = {**environ, "REDIS_URL": environ["REDIS_URL"].replace(f":{address.port}", f":{way.port}")}
        await stack.enter_async_context(serving("identity", identity, environ))
        edge = await stack.enter_async_context(serving("gateway", gateway, through, grpc=False))
        client = await stack.enter_async_context(outside(edge))
        await answered(client, "/v1/users", 200)
        await way.cut()
        assert (await client.get("/v1/users")).status_code == 200
        assert (await client.get("/readyz")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        pytest.param("GET", "/v1/nothing", b"", 404, id="unknown route"),
        pytest.param("DELETE", "/v1/users", b"", 405, id="unknown verb"),
        pytest.param("POST", "/v1/users", b"{", 400, id="no JSON"),
        pytest.param("POST", "/v1/users", b'{"user": 1}', 400, id="wrong JSON type"),
        pytest.param("POST", "/v1/users", b'{"nickname": "A"}', 400, id="unknown field"),
        pytest.param("POST", "/v1/users", b'{"user": {"roles": ["ROLE_KING"]}}', 400, id="unknown enum value"),
        pytest.param("GET", "/v1/users?pageToken=forged", b"", 400, id="forged page token"),
        pytest.param("POST", "/v1/users", b" " * 2_000_000, 413, id="oversized body"),
        pytest.param("GET", "/v1/users/%FF", b"", 400, id="a path that is no text"),
    ],
)
async def test_bad_input_is_refused_with_the_one_error_document(
    bad_input_client: httpx2.AsyncClient, method: str, path: str, body: bytes, status: int
) -> None:
    headers = {"content-type": "application/json"}
    response = await bad_input_client.request(method, path, content=body, headers=headers)
    assert response.status_code == status
    assert response.json()["error"]["code"] == status
    assert response.json()["error"]["message"]
    assert response.headers["x-request-id"]


@pytest.fixture
async def bad_input_client(environ: Mapping[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    async with (
        serving("identity", identity, environ),
        serving("gateway", gateway, environ, grpc=False) as edge,
        outside(edge) as client,
    ):
        await answered(client, "/v1/users", 200)
        yield client
