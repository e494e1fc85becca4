"""Paths in forms that others take for another path: each reaches one rpc as it is written, or none."""

from __future__ import annotations

import pytest
from plt.identity.v1 import identity_pb2

from services.gateway.pipeline.prefixes import Prefixes
from tests.unit.services.gateway.pipeline.stage import ROUTER, Behind, reason, through

STAGE = Prefixes({"/api/v1": "/v1"}, ROUTER.match)


@pytest.mark.parametrize(
    ("path", "user_id"),
    [
        pytest.param("/v1/users/..", "..", id="dots"),
        pytest.param("/v1/users/%2e%2e", "..", id="encoded-dots"),
        pytest.param("/v1/users/..%2faudit%2fentries", "../audit/entries", id="encoded-slashes"),
        pytest.param("/v1/users/%252e%252e", "%2e%2e", id="encoded-twice"),
        pytest.param("/v1/users/..\\audit", "..\\audit", id="backslash"),
        pytest.param("/v1/users/7%00", "7\0", id="null"),
        pytest.param("/v1/users/7%0d%0ax: y", "7\r\nx: y", id="line-break"),
        pytest.param("/v1/users/7%3fx=y%23z", "7?x=y#z", id="query-and-fragment"),
        pytest.param("/v1/users/%zz", "%zz", id="no-encoding"),
        pytest.param("/v1/users/\uff17", "\uff17", id="wide-digit"),
        pytest.param("/api/v1/users/%2e%2e", "..", id="behind-a-prefix"),
    ],
)
async def test_what_stands_for_a_variable_is_its_value_and_no_way_to_another_rpc(path: str, user_id: str) -> None:
    behind = Behind()
    response = await through(STAGE, path=path, behind=behind)
    (call,) = behind.seen
    assert (response.status, call.message) == (200, identity_pb2.GetUserRequest(user_id=user_id))


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/v1/./users", id="dot"),
        pytest.param("/v1/users/../audit/entries", id="dots"),
        pytest.param("/v1/nothing/../users", id="dots-to-what-is-there"),
        pytest.param("/v1/nothing/%2e%2e/users", id="encoded-dots-to-what-is-there"),
        pytest.param("/api/v1/../v1/users/7", id="dots-behind-a-prefix"),
        pytest.param("/v1//users", id="two-slashes"),
        pytest.param("//v1/users", id="two-slashes-at-the-beginning"),
        pytest.param("/v1/users/", id="slash-at-the-end"),
        pytest.param("/v1%2fusers", id="encoded-slash"),
        pytest.param("/v1\\users", id="backslash"),
        pytest.param("/v1/users%00", id="null"),
        pytest.param("/v1/%75sers", id="encoded-letter"),
        pytest.param("/%61pi/v1/users/7", id="encoded-letter-of-a-prefix"),
        pytest.param("/V1/Users", id="capitals"),
        pytest.param("/v1/users;a=b", id="parameter-of-a-segment"),
        pytest.param("/api/v1users/7", id="prefix-within-a-segment"),
        pytest.param("", id="empty"),
        pytest.param("*", id="asterisk"),
    ],
)
async def test_a_path_that_only_looks_like_one_of_a_route_has_none(path: str) -> None:
    behind = Behind()
    response = await through(STAGE, path=path, behind=behind)
    assert (response.status, reason(response), behind.seen) == (404, "ROUTE_NOT_FOUND", [])


@pytest.mark.parametrize("path", ["/v1/users/%ff", "/v1/users/%C0%AF", "/v1/users/%ed%a0%80"])
async def test_a_path_that_is_no_text_is_refused(path: str) -> None:
    assert (await through(STAGE, path=path)).status == 400


@pytest.mark.parametrize("path", ["/v1/users/7%3adeactivate", "/v1/users/7%3Adeactivate", "/v1/users/7:Deactivate"])
async def test_a_verb_of_a_path_is_only_what_is_written_as_one(path: str) -> None:
    behind = Behind()
    response = await through(STAGE, verb="POST", path=path, behind=behind)
    assert (response.status, behind.seen) == (405, [])
