"""Etags of resources as those of HTTP."""

from __future__ import annotations

import json

import grpc
import pytest
from plt.identity.v1 import identity_pb2

from platformkit.status import ServiceError
from services.gateway.pipeline.conditional import map_etags
from tests.unit.services.gateway.pipeline.stage import Behind, reason, through

JSON = {"content-type": "application/json"}


async def test_the_etag_of_a_resource_is_told_as_a_header() -> None:
    assert (await through(map_etags)).headers["etag"] == '"a1"'


async def test_a_list_has_no_etag() -> None:
    assert "etag" not in (await through(map_etags, path="/v1/users")).headers


@pytest.mark.parametrize("header", ['"a1"', 'W/"a1"', '"b2", "a1"', "*"])
async def test_a_resource_that_is_still_the_same_is_not_sent_again(header: str) -> None:
    response = await through(map_etags, headers={"if-none-match": header})
    assert (response.status, response.body, response.headers["etag"]) == (304, b"", '"a1"')


@pytest.mark.parametrize("header", ['"b2"', ""])
async def test_a_resource_that_changed_is_sent(header: str) -> None:
    assert (await through(map_etags, headers={"if-none-match": header})).status == 200


async def test_a_change_carries_the_etag_of_its_header() -> None:
    behind = Behind()
    body = json.dumps({"email": "a@b.c"}).encode()
    headers = {**JSON, "if-match": '"a1"'}
    await through(map_etags, verb="PATCH", headers=headers, body=body, behind=behind)
    user = identity_pb2.User(user_id="7", email="a@b.c", etag="a1")
    assert behind.seen[0].message == identity_pb2.UpdateUserRequest(user=user)


async def test_an_rpc_with_the_etag_beside_the_resource_gets_it_there() -> None:
    behind = Behind()
    await through(map_etags, verb="POST", path="/v1/users/7:deactivate", headers={"if-match": '"a1"'}, behind=behind)
    assert behind.seen[0].message == identity_pb2.DeactivateUserRequest(user_id="7", etag="a1")


async def test_any_etag_is_none() -> None:
    behind = Behind()
    await through(map_etags, verb="PATCH", headers={**JSON, "if-match": "*"}, body=b"{}", behind=behind)
    assert behind.seen[0].message == identity_pb2.UpdateUserRequest(user=identity_pb2.User(user_id="7"))


async def test_a_stale_etag_is_a_failed_precondition_where_the_header_asked_for_it() -> None:
    stale = ServiceError(grpc.StatusCode.ABORTED, "changed meanwhile", reason="ETAG_STALE")
    asked = await through(map_etags, verb="PATCH", headers={"if-match": '"a0"'}, behind=Behind(stale))
    assert (asked.status, reason(asked), json.loads(asked.body)["error"]["code"]) == (412, "ETAG_STALE", 412)
    body = b'{"etag": "a0"}'
    inside = await through(map_etags, verb="PATCH", headers=JSON, body=body, behind=Behind(stale))
    assert inside.status == 409


async def test_a_weak_etag_never_matches() -> None:
    behind = Behind()
    response = await through(map_etags, verb="PATCH", headers={"if-match": 'W/"a1"'}, behind=behind)
    assert (response.status, reason(response), behind.seen) == (412, "ETAG_STALE", [])


@pytest.mark.parametrize(
    ("verb", "path", "headers", "body"),
    [
        pytest.param("PATCH", "/v1/users/7", {"if-match": "a1"}, b"", id="no-quotes"),
        pytest.param("PATCH", "/v1/users/7", {"if-match": '"a1", "b2"'}, b"", id="several"),
        pytest.param("PATCH", "/v1/users/7", {"if-match": '"a1"'}, b'{"etag": "b2"}', id="another-in-the-body"),
        pytest.param("POST", "/v1/users", {"if-match": '"a1"'}, b"{}", id="no-etag-in-the-message"),
        pytest.param("GET", "/v1/users/7", {"if-match": '"a1"'}, b"", id="no-body"),
        pytest.param("GET", "/v1/users/7", {"if-none-match": "a1"}, b"", id="malformed-read"),
    ],
)
async def test_a_header_that_cannot_be_followed_is_refused_and_not_ignored(
    verb: str, path: str, headers: dict[str, str], body: bytes
) -> None:
    response = await through(map_etags, verb=verb, path=path, headers=headers, body=body)
    assert (response.status, reason(response)) == (400, "MALFORMED_REQUEST")


async def test_what_is_wrong_with_a_body_is_told_as_ever() -> None:
    response = await through(map_etags, verb="PATCH", headers={**JSON, "if-match": '"a1"'}, body=b"{")
    assert b"is not JSON" in response.body
