"""What the gateway needs of identity: driven through its own edge, on each transport."""

from collections.abc import Mapping

import httpx2
import pytest
from pact import match
from plt.identity.v1 import identity_pb2

from platformkit.channels import HttpChannel, grpc_channel
from servanda import PactWith
from tests.contract.consumer.conftest import Edge

IDENTITY = identity_pb2.DESCRIPTOR.services_by_name["IdentityService"]
USER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-000000000001"
USERS = "plt.identity.v1.IdentityService"
TIME = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z"


def reason_of(answer: httpx2.Response) -> str:
    details: list[Mapping[str, str]] = answer.json()["error"]["details"]
    return next(detail["reason"] for detail in details if "reason" in detail)


# gateway -> identity, gRPC


async def test_a_user_over_grpc(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "identity")
    (
        pact.upon_calling("a user that exists, over gRPC", f"{USERS}/GetUser")
        .given(
            "a user exists",
            user_id=USER_ID,
            email="ada@example.org",
            display_name="Ada",
            roles=["ROLE_MEMBER", "ROLE_ADMIN"],
            labels={"team": "core"},
        )
        .with_request({"user_id": USER_ID})
        .will_respond_with(
            {
                "user": {
                    "user_id": USER_ID,
                    "email": "ada@example.org",
                    "profile": {"display_name": "Ada"},
                    "roles": ["ROLE_MEMBER", "ROLE_ADMIN"],
                    "labels": {"team": "core"},
                    "status": "USER_STATUS_ACTIVE",
                    "create_time": {"seconds": match.int(1767323045)},
                    "update_time": {"seconds": match.int(1767323045)},
                    "etag": match.regex("r1", regex=r"\w+"),
                }
            },
            metadata={"x-request-id": match.regex("request-1", regex=r"[\w.-]+")},
        )
    )
    with pact.serve_grpc() as target:
        async with edge(IDENTITY, grpc_channel(target)) as client:
            answer = await client.get(f"/v1/users/{USER_ID}")

    user = answer.json()["user"]
    assert (user["roles"], user["labels"]) == (["ROLE_MEMBER", "ROLE_ADMIN"], {"team": "core"})


async def test_the_request_id_travels_over_grpc(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "identity")
    (
        pact.upon_calling("a first page of users for a traced request, over gRPC", f"{USERS}/ListUsers")
        .given("users exist", count=2)
        .with_request({"page_size": 1})
        .with_request_metadata({"x-request-id": match.regex("trace-1", regex=r"[\w.-]+")})
        .will_respond_with(
            {
                "users": [{"email": "user-1@example.com", "status": "USER_STATUS_ACTIVE"}],
                "next_page_token": match.str("token"),
            }
        )
    )
    with pact.serve_grpc() as target:
        async with edge(IDENTITY, grpc_channel(target)) as client:
            answer = await client.get("/v1/users?pageSize=1", headers={"X-Request-Id": "trace-1"})

    assert answer.json()["nextPageToken"] == "token"


async def test_a_user_that_nobody_knows_over_grpc(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "identity")
    (
        pact.upon_calling("a user that nobody knows, over gRPC", f"{USERS}/GetUser")
        .given("no user exists", user_id=USER_ID)
        .with_request({"user_id": USER_ID})
        .will_fail_with("NOT_FOUND", match.str("no such user"))
    )
    with pact.serve_grpc() as target:
        async with edge(IDENTITY, grpc_channel(target)) as client:
            answer = await client.get(f"/v1/users/{USER_ID}")

    assert (answer.status_code, answer.json()["error"]["status"]) == (404, "NOT_FOUND")


async def test_a_page_size_that_is_none_over_grpc(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "identity")
    (
        pact.upon_calling("a page of a thousand users, over gRPC", f"{USERS}/ListUsers")
        .with_request({"page_size": 1000})
        .will_fail_with("INVALID_ARGUMENT", match.str("page_size: must be at most 200"))
    )
    with pact.serve_grpc() as target:
        async with edge(IDENTITY, grpc_channel(target)) as client:
            answer = await client.get("/v1/users?pageSize=1000")

    assert answer.status_code == 400


async def test_a_change_over_grpc(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "identity")
    (
        pact.upon_calling("a change of the current version, over gRPC", f"{USERS}/UpdateUser")
        .given("a user exists", user_id=USER_ID, etag="r7")
        .with_request(
            {
                "user": {"user_id": USER_ID, "profile": {"display_name": "Ada L."}, "etag": "r7"},
                "update_mask": {"paths": ["profile.display_name"]},
            }
        )
        .will_respond_with(
            {"user": {"user_id": USER_ID, "profile": {"display_name": "Ada L."}, "etag": match.str("r8")}}
        )
    )
    with pact.serve_grpc() as target:
        async with edge(IDENTITY, grpc_channel(target)) as client:
            answer = await client.patch(
                f"/v1/users/{USER_ID}?updateMask=profile.displayName",
                json={"profile": {"displayName": "Ada L."}, "etag": "r7"},
            )

    assert (answer.json()["user"]["profile"], answer.json()["user"]["etag"]) == ({"displayName": "Ada L."}, "r8")


async def test_a_stale_change_over_grpc(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "identity")
    (
        pact.upon_calling("a change of a version that is not the current one, over gRPC", f"{USERS}/UpdateUser")
        .given("a user exists", user_id=USER_ID, etag="r7")
        .with_request(
            {
                "user": {"user_id": USER_ID, "profile": {"display_name": "Ada L."}, "etag": "r6"},
                "update_mask": {"paths": ["profile.display_name"]},
            }
        )
        .will_fail_with("ABORTED", match.str("the etag is stale"))
    )
    with pact.serve_grpc() as target:
        async with edge(IDENTITY, grpc_channel(target)) as client:
            answer = await client.patch(
                f"/v1/users/{USER_ID}?updateMask=profile.displayName",
                json={"profile": {"displayName": "Ada L."}, "etag": "r6"},
            )

    assert (answer.status_code, answer.json()["error"]["status"]) == (409, "ABORTED")


async def test_a_new_user_over_grpc(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "identity")
    (
        pact.upon_calling("a new user, over gRPC", f"{USERS}/CreateUser")
        .given("no user exists", email="grace@example.org")
        .with_request(
            {
                "user": {"email": "grace@example.org", "profile": {"display_name": "Grace"}},
                "idempotency_key": "gateway-1",
            }
        )
        .will_respond_with(
            {"user": {"email": "grace@example.org", "roles": ["ROLE_MEMBER"], "status": "USER_STATUS_ACTIVE"}}
        )
    )
    with pact.serve_grpc() as target:
        async with edge(IDENTITY, grpc_channel(target)) as client:
            answer = await client.post(
                "/v1/users",
                json={
                    "user": {"email": "grace@example.org", "profile": {"displayName": "Grace"}},
                    "idempotencyKey": "gateway-1",
                },
            )

    assert answer.json()["user"]["status"] == "USER_STATUS_ACTIVE"


async def test_a_deactivation_over_grpc(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "identity")
    (
        pact.upon_calling("a deactivation, over gRPC", f"{USERS}/DeactivateUser")
        .given("a user exists", user_id=USER_ID, email="ada@example.org")
        .with_request({"user_id": USER_ID})
        .will_respond_with({"user": {"user_id": USER_ID, "status": "USER_STATUS_DEACTIVATED"}})
    )
    with pact.serve_grpc() as target:
        async with edge(IDENTITY, grpc_channel(target)) as client:
            answer = await client.post(f"/v1/users/{USER_ID}:deactivate", json={})

    assert answer.json()["user"]["status"] == "USER_STATUS_DEACTIVATED"


# gateway -> identity, HTTP: the fallback


def error(code: int, status: str, reason: str) -> dict[str, object]:
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": match.str("plt")}
    details = match.array_containing([info])
    return {"error": {"code": code, "status": status, "message": match.str("why"), "details": details}}


async def test_a_user_over_http(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "identity")
    (
        pact.upon_receiving("a user that exists, over HTTP")
        .given("a user exists", user_id=USER_ID, email="ada@example.org", display_name="Ada", labels={"team": "core"})
        .with_request("GET", f"/v1/users/{USER_ID}")
        .will_respond_with(200)
        .with_body(
            {
                "user": {
                    "userId": USER_ID,
                    "email": "ada@example.org",
                    "profile": {"displayName": "Ada"},
                    "roles": ["ROLE_MEMBER"],
                    "labels": {"team": "core"},
                    "status": "USER_STATUS_ACTIVE",
                    "createTime": match.regex("2026-01-02T03:04:05Z", regex=TIME),
                    "updateTime": match.regex("2026-01-02T03:04:05Z", regex=TIME),
                    "etag": match.regex("r1", regex=r"\w+"),
                }
            },
            "application/json",
        )
    )
    with pact.serve() as server:
        async with edge(IDENTITY, HttpChannel(str(server.url))) as client:
            answer = await client.get(f"/v1/users/{USER_ID}")

    assert answer.json()["user"]["profile"] == {"displayName": "Ada"}


async def test_a_user_that_nobody_knows_over_http(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "identity")
    (
        pact.upon_receiving("a user that nobody knows, over HTTP")
        .given("no user exists", user_id=USER_ID)
        .with_request("GET", f"/v1/users/{USER_ID}")
        .will_respond_with(404)
        .with_body(error(404, "NOT_FOUND", "USER_NOT_FOUND"), "application/json")
    )
    with pact.serve() as server:
        async with edge(IDENTITY, HttpChannel(str(server.url))) as client:
            answer = await client.get(f"/v1/users/{USER_ID}")

    assert (answer.status_code, reason_of(answer)) == (404, "USER_NOT_FOUND")


@pytest.mark.parametrize(
    ("description", "state", "status", "reason"),
    [
        pytest.param(
            "an address that is taken, over HTTP", "the email is taken", "ALREADY_EXISTS", "EMAIL_TAKEN", id="taken"
        ),
        pytest.param(
            "a key that was used for another user, over HTTP",
            "an idempotency key was used",
            "ABORTED",
            "IDEMPOTENCY_KEY_REUSED",
            id="key reused",
        ),
    ],
)
async def test_a_conflict_over_http(
    pact_with: PactWith, edge: Edge, description: str, state: str, status: str, reason: str
) -> None:
    pact = pact_with("gateway", "identity")
    own = {"email": "taken@example.org"} if state == "the email is taken" else {"key": "gateway-2"}
    body = {
        "user": {"email": "taken@example.org", "profile": {"displayName": "Ada"}},
        "idempotencyKey": "gateway-2",
    }
    (
        pact.upon_receiving(description)
        .given(state, own)
        .with_request("POST", "/v1/users")
        .with_body(body, "application/json")
        .will_respond_with(409)
        .with_body(error(409, status, reason), "application/json")
    )
    with pact.serve() as server:
        async with edge(IDENTITY, HttpChannel(str(server.url))) as client:
            answer = await client.post("/v1/users", json=body)

    assert (answer.status_code, reason_of(answer)) == (409, reason)


async def test_a_page_token_that_identity_did_not_issue_over_http(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "identity")
    (
        pact.upon_receiving("a page token that identity did not issue, over HTTP")
        .given("users exist", count=1)
        .with_request("GET", "/v1/users")
        .with_query_parameter("pageToken", "forged")
        .will_respond_with(400)
        .with_body(error(400, "INVALID_ARGUMENT", "PAGE_TOKEN_INVALID"), "application/json")
    )
    with pact.serve() as server:
        async with edge(IDENTITY, HttpChannel(str(server.url))) as client:
            answer = await client.get("/v1/users?pageToken=forged")

    assert (answer.status_code, reason_of(answer)) == (400, "PAGE_TOKEN_INVALID")
