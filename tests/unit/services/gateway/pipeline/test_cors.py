"""Cross-origin requests: who is allowed what, and who is not."""

from __future__ import annotations

import pytest

from services.gateway.configuration import Cors, Origin
from services.gateway.pipeline.cors import CrossOrigin
from tests.unit.services.gateway.pipeline.stage import Behind, through

APP, SHOP = "https://app.example.com", "https://shop.example.com"
STAGE = CrossOrigin(Cors(origins=(Origin(APP), Origin(SHOP, credentials=True)), methods=("GET", "PATCH")))


def preflight(origin: str, method: str = "PATCH", headers: str = "content-type") -> dict[str, str]:
    return {
        "origin": origin,
        "access-control-request-method": method,
        "access-control-request-headers": headers,
    }


async def test_a_preflight_is_answered_with_what_is_allowed_and_reaches_nobody() -> None:
    behind = Behind()
    response = await through(STAGE, verb="OPTIONS", headers=preflight(APP), behind=behind)
    assert (response.status, response.body, behind.seen) == (204, b"", [])
    assert response.headers["access-control-allow-origin"] == APP
    assert response.headers["access-control-allow-methods"] == "GET, PATCH"
    assert response.headers["access-control-max-age"] == "600"
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(preflight("null"), id="null"),
        pytest.param(preflight("https://app.example.com.evil.test"), id="suffix"),
        pytest.param(preflight("https://evil.test/app.example.com"), id="path"),
        pytest.param(preflight("https://xapp.example.com"), id="prefix"),
        pytest.param(preflight("http://app.example.com"), id="scheme"),
        pytest.param(preflight("https://app.example.com:8443"), id="port"),
        pytest.param(preflight("https://app.example.com:443"), id="port-by-default"),
        pytest.param(preflight("HTTPS://APP.EXAMPLE.COM"), id="capitals"),
        pytest.param(preflight("https://app.example.com/"), id="slash"),
        pytest.param(preflight("https://app.example.com."), id="dot-at-the-end"),
        pytest.param(preflight("https://app.example.com\t"), id="tab"),
        pytest.param(preflight("https://shop.example.com@app.example.com"), id="user"),
        pytest.param(preflight("https://app_example.com"), id="any-character-for-a-dot"),
        pytest.param(preflight("https://app.example.com%00.evil.test"), id="encoded-null"),
        pytest.param(preflight("file://"), id="file"),
        pytest.param(preflight(""), id="empty"),
        pytest.param(preflight("*"), id="everybody"),
        pytest.param(preflight(f"{APP}, {SHOP}"), id="two-origins"),
        pytest.param(preflight(APP, method="DELETE"), id="method"),
        pytest.param(preflight(APP, method="patch"), id="method-in-small-letters"),
        pytest.param(preflight(APP, headers="content-type, x-evil"), id="header"),
    ],
)
async def test_a_preflight_beyond_what_is_allowed_gets_no_permission(headers: dict[str, str]) -> None:
    response = await through(STAGE, verb="OPTIONS", headers=headers)
    assert not {name for name in response.headers if name.startswith("access-control")}
    assert "origin" in response.headers["vary"]


async def test_an_answer_may_be_read_by_the_pages_of_an_allowed_origin() -> None:
    response = await through(STAGE, headers={"origin": SHOP})
    assert response.status == 200
    assert response.headers["access-control-allow-origin"] == SHOP
    assert response.headers["access-control-allow-credentials"] == "true"
    assert "etag" in response.headers["access-control-expose-headers"]


@pytest.mark.parametrize("headers", [{}, {"origin": "null"}, {"origin": "https://evil.test"}])
async def test_an_answer_to_anybody_else_comes_without_permission(headers: dict[str, str]) -> None:
    response = await through(STAGE, headers=headers)
    assert response.status == 200
    assert not {name for name in response.headers if name.startswith("access-control")}
    assert response.headers["vary"] == "origin"


async def test_cookies_of_one_site_are_no_permission_for_another() -> None:
    response = await through(STAGE, headers={"origin": APP, "cookie": "session=1"})
    assert response.headers["access-control-allow-origin"] == APP
    assert "access-control-allow-credentials" not in response.headers


async def test_a_refusal_may_be_read_as_well() -> None:
    response = await through(STAGE, path="/v1/nothing", headers={"origin": APP})
    assert (response.status, response.headers["access-control-allow-origin"]) == (404, APP)


async def test_options_without_the_headers_of_a_preflight_is_a_request_like_others() -> None:
    assert (await through(STAGE, verb="OPTIONS", headers={"origin": APP})).status == 405
