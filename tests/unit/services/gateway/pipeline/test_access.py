"""Who may call what: tokens that are believed, tokens that are not, and what each rpc asks for."""

from __future__ import annotations

import json

import pytest
from google.api import annotations_pb2
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from plt.auth.v1 import access_pb2

from platformkit.context import Principal
from platformkit.tokens import FetchedKeys, Refusal, RevocationList, RevokedToken, SigningKey, VerifiedTokens
from platformkit.transcoding import (
    HttpEdge,
    HttpRequest,
    HttpResponse,
    Invocation,
    Middleware,
    Reply,
    Router,
    routes_of,
)
from services.gateway.pipeline.authentication import Authentication
from services.gateway.pipeline.authorisation import authorise
from tests.unit.platformkit.tokens.tokens_at_hand import CLAIMS, forged, header, signed, verifier
from tests.unit.services.gateway.pipeline.stage import Behind, reason

RPCS = {
    "public": access_pb2.Access(level=access_pb2.ACCESS_LEVEL_PUBLIC),
    "anybody": access_pb2.Access(level=access_pb2.ACCESS_LEVEL_AUTHENTICATED),
    "members": access_pb2.Access(level=access_pb2.ACCESS_LEVEL_AUTHENTICATED, roles=["member", "admin"]),
    "admins": access_pb2.Access(level=access_pb2.ACCESS_LEVEL_AUTHENTICATED, roles=["admin"]),
    "own": access_pb2.Access(level=access_pb2.ACCESS_LEVEL_AUTHENTICATED, roles=["admin"], owner="who"),
    "undeclared": None,
}


def _service() -> Router:
    file = descriptor_pb2.FileDescriptorProto(name="tests/access.proto", package="tests.access", syntax="proto3")
    kinds = descriptor_pb2.FieldDescriptorProto
    asked = file.message_type.add(name="Asked")
    asked.field.add(name="who", number=1, type=kinds.TYPE_STRING, label=kinds.LABEL_OPTIONAL)
    service = file.service.add(name="Doors")
    for name, access in RPCS.items():
        method = service.method.add(name=name, input_type=".tests.access.Asked", output_type=".tests.access.Asked")
        method.options.Extensions[annotations_pb2.http].get = f"/{name}/{{who}}" if name == "own" else f"/{name}"
        if access is not None:
            method.options.Extensions[access_pb2.access].CopyFrom(access)
    added = descriptor_pool.Default().AddSerializedFile(file.SerializeToString())
    return Router(routes_of(added.services_by_name["Doors"]))


ROUTER = _service()


class Doors(Behind):
    async def __call__(self, invocation: Invocation) -> Reply:
        await super().__call__(invocation)
        return Reply(message_factory.GetMessageClass(invocation.route.method.output_type)())


def stages(revoked: RevocationList | None = None) -> list[Middleware]:
    tokens = VerifiedTokens(verifier(), revoked or RevocationList(), clock=lambda: CLAIMS.issue_time)
    return [Authentication(tokens), authorise]


async def knock(
    path: str, authorization: str | None = None, *, doors: Doors | None = None, pipeline: list[Middleware] | None = None
) -> HttpResponse:
    edge = HttpEdge(ROUTER.match, doors or Doors(), stages() if pipeline is None else pipeline)
    headers = {} if authorization is None else {"authorization": authorization}
    path, _, query = path.partition("?")
    return await edge.handle(HttpRequest("GET", path, query, headers))


async def test_a_good_token_lets_its_subject_through_as_the_principal() -> None:
    doors = Doors()
    assert (await knock("/members", f"Bearer {signed()}", doors=doors)).status == 200
    assert doors.principals == [Principal(CLAIMS.subject, CLAIMS.roles)]


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/public", 200, ""),
        ("/anybody", 401, "TOKEN_MISSING"),
        ("/members", 401, "TOKEN_MISSING"),
        ("/undeclared", 403, "ACCESS_CLOSED"),
        ("/nowhere", 404, "ROUTE_NOT_FOUND"),
    ],
)
async def test_who_shows_no_token_is_nobody(path: str, status: int, told: str) -> None:
    response = await knock(path)
    assert response.status == status
    assert not told or reason(response) == told
    assert response.headers.get("www-authenticate") == ('Bearer realm="plt"' if status == 401 else None)


@pytest.mark.parametrize(
    ("path", "status"), [("/public", 200), ("/anybody", 200), ("/members", 200), ("/admins", 403), ("/undeclared", 403)]
)
async def test_an_rpc_asks_for_one_of_its_roles(path: str, status: int) -> None:
    assert (await knock(path, f"bearer {signed()}")).status == status


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        (f"/own/{CLAIMS.subject}", 200, ""),
        ("/own/user-9", 403, "USER_IS_ANOTHER"),
        (f"/own/user-9?who={CLAIMS.subject}", 403, "USER_IS_ANOTHER"),
        (f"/own/%2e%2e%2f{CLAIMS.subject}", 403, "USER_IS_ANOTHER"),
    ],
)
async def test_what_is_a_subjects_own_is_told_by_the_path(path: str, status: int, told: str) -> None:
    doors = Doors()
    response = await knock(path, f"Bearer {signed()}", doors=doors)
    assert (response.status, len(doors.seen)) == (status, int(status == 200))
    assert not told or reason(response) == told


async def test_a_role_opens_what_is_another_subjects_own() -> None:
    assert (await knock("/own/user-9", f"Bearer {signed(roles=('admin',))}")).status == 200


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param("", id="empty"),
        pytest.param("Bearer", id="no-token"),
        pytest.param("Basic YTpi", id="other-scheme"),
        pytest.param(signed(), id="no-scheme"),
        pytest.param(f"Bearer {signed()}, Bearer {signed()}", id="two-tokens"),
        pytest.param("Bearer a.b.c", id="no-token-at-all"),
        pytest.param(f"Bearer {signed(expire_time=CLAIMS.issue_time - 60)}", id="expired"),
        pytest.param(f"Bearer {signed(start_time=CLAIMS.issue_time + 60)}", id="not-yet-valid"),
        pytest.param(f"Bearer {signed(audience='else')}", id="other-audience"),
        pytest.param(f"Bearer {signed(issuer='else')}", id="other-issuer"),
        pytest.param(f"Bearer {signed(key=SigningKey.generate())}", id="other-key"),
        pytest.param(f"Bearer {forged(header(alg='none'))}", id="no-algorithm"),
        pytest.param(f"Bearer {forged(header(jku='https://evil.test'))}", id="address-of-a-key"),
        pytest.param(f"Bearer {forged(header(typ='JWT'))}", id="other-type"),
        pytest.param("Bearer " + "a" * 100_000, id="huge"),
    ],
)
async def test_a_token_that_is_not_believed_opens_nothing_and_is_told_nothing(authorization: str) -> None:
    doors = Doors()
    response = await knock("/anybody", authorization, doors=doors)
    assert (response.status, reason(response), doors.seen) == (401, "TOKEN_INVALID", [])
    told = json.loads(response.body)["error"]["message"]
    assert not [refusal for refusal in Refusal if refusal.value in told]
    assert "error=" in response.headers["www-authenticate"]


async def test_a_token_that_expired_keeps_nobody_from_what_is_public() -> None:
    expired = signed(expire_time=CLAIMS.issue_time - 60)
    doors = Doors()
    assert (await knock("/public", f"Bearer {expired}", doors=doors)).status == 200
    assert doors.principals == [None]


async def test_a_revoked_token_is_refused_from_then_on() -> None:
    revoked = RevocationList()
    pipeline = stages(revoked)
    assert (await knock("/anybody", f"Bearer {signed()}", pipeline=pipeline)).status == 200
    revoked.add([RevokedToken(CLAIMS.token_id, 60)])
    assert (await knock("/anybody", f"Bearer {signed()}", pipeline=pipeline)).status == 401


async def test_without_keys_nothing_is_said_about_a_token() -> None:
    async def away() -> bytes:
        raise OSError("nobody listens")

    tokens = VerifiedTokens(verifier(FetchedKeys(away)), RevocationList())
    response = await knock("/anybody", f"Bearer {signed()}", pipeline=[Authentication(tokens), authorise])
    assert (response.status, reason(response)) == (503, "AUTH_UNAVAILABLE")


async def test_headers_that_name_somebody_are_not_believed() -> None:
    doors = Doors()
    edge = HttpEdge(ROUTER.match, doors, stages())
    forged_names = ("x-user-id", "x-principal", "x-roles", "x-forwarded-user", "grpc-metadata-authorization")
    response = await edge.handle(HttpRequest("GET", "/anybody", "", dict.fromkeys(forged_names, "root")))
    assert (response.status, doors.seen) == (401, [])
