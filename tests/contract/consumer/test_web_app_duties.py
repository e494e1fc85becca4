"""What the web app needs of the gateway beside the rpcs behind it: in a browser, within limits, with old copies."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from pact import match

from servanda import PactWith
from tests.contract.consumer.browser import BlockedError
from tests.contract.consumer.conftest import OpenWebApp
from tests.contract.consumer.test_web_app import USER_ID, error, user
from tests.contract.consumer.web_app_client import Person, RefusedError

APP, STRANGER = "https://app.example.com", "https://app.example.com.evil.example"
PATH = f"/v1/users/{USER_ID}"
ADA = Person(USER_ID, "ada@example.org", "Ada", ("ROLE_MEMBER",), {}, active=True, etag="r7")
# The provider sends that of whoever is logged in.
KEPT_TOKEN = "an-access-token"
CHARACTERS = 1_100_000
TEXT = {"type": "ProviderState", "expression": "${text}"}
LIMIT = match.regex('"address";r=1999;t=1', regex=r'"[a-z][a-z0-9-]*";r=\d+;t=\d+')
POLICY = match.regex('"address";q=6000;w=60', regex=r'"[a-z][a-z0-9-]*";q=\d+;w=\d+.*')


def listed(name: str) -> Any:
    """Match a header that lists a name, and maybe others."""
    return match.regex(name, regex=rf"(.*, ?)?{name}(,.*)?")


def listed_in_turn(*names: str) -> str:
    """Match a header that lists some names in this order, and maybe others between them."""
    between = ",(.*,)? *"
    regex = rf"(.*, *)?{between.join(names)}(,.*)?"
    # A list of one value: the library takes a value for several of them at each comma.
    return json.dumps({"pact:matcher:type": "regex", "regex": regex, "value": [", ".join(names)]})


def test_a_page_of_the_app_may_log_in(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("the question of a browser whether somebody may log in")
        .with_request("OPTIONS", "/v1/auth:logIn")
        .with_header("Origin", APP)
        .with_header("Access-Control-Request-Method", "POST")
        .with_header("Access-Control-Request-Headers", "content-type")
        .will_respond_with(204)
        .with_header("Access-Control-Allow-Origin", APP)
        .with_header("Access-Control-Allow-Headers", listed("content-type"))
    )
    (
        pact.upon_receiving("a login by a page of the app")
        .given("a user has credentials", user_id=USER_ID, email="ada@example.org", password="correct horse battery")
        .with_request("POST", "/v1/auth:logIn")
        .with_header("Origin", APP)
        .with_body({"email": "ada@example.org", "password": "correct horse battery"}, "application/json")
        .will_respond_with(200)
        .with_header("Access-Control-Allow-Origin", APP)
        .with_body({"tokens": {"accessToken": match.str("an-access-token")}, "userId": USER_ID}, "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url), APP) as page:
        assert page.log_in("ada@example.org", "correct horse battery") == USER_ID


def test_a_page_of_the_app_may_change_a_person(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("the question of a browser whether the app may change a person")
        .with_request("OPTIONS", PATH)
        .with_query_parameter("updateMask", "profile.displayName")
        .with_header("Origin", APP)
        .with_header("Access-Control-Request-Method", "PATCH")
        .with_header("Access-Control-Request-Headers", "authorization,content-type")
        .will_respond_with(204)
        .with_header("Access-Control-Allow-Origin", APP)
        .with_header("Access-Control-Allow-Methods", listed("PATCH"))
        .with_header("Access-Control-Allow-Headers", listed_in_turn("authorization", "content-type"))
        .with_header("Access-Control-Max-Age", match.regex("600", regex=r"\d+"))
    )
    (
        pact.upon_receiving("a change by a page of the app")
        .given("an administrator is logged in")
        .given("a user exists", user_id=USER_ID, email="ada@example.org", etag="r7")
        .with_request("PATCH", PATH)
        .with_query_parameter("updateMask", "profile.displayName")
        .with_header("Origin", APP)
        .with_body({"profile": {"displayName": "Ada L."}, "etag": "r7"}, "application/json")
        .will_respond_with(200)
        .with_header("Access-Control-Allow-Origin", APP)
        .with_header("Vary", listed("origin"))
        .with_body({"user": user("ada@example.org", "Ada L.")}, "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url), APP) as page:
        page.resume(KEPT_TOKEN)
        assert page.rename(ADA, "Ada L.").display_name == "Ada L."


def test_a_page_of_the_app_may_tell_which_version_it_has(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("the question of a browser whether the app may tell which version it has")
        .with_request("OPTIONS", PATH)
        .with_header("Origin", APP)
        .with_header("Access-Control-Request-Method", "GET")
        .with_header("Access-Control-Request-Headers", "authorization,if-none-match")
        .will_respond_with(204)
        .with_header("Access-Control-Allow-Origin", APP)
        .with_header("Access-Control-Allow-Headers", listed_in_turn("authorization", "if-none-match"))
    )
    (
        pact.upon_receiving("a person of which a page of the app has the latest version")
        .given("an administrator is logged in")
        .given("a user exists", user_id=USER_ID, email="ada@example.org", etag="r7")
        .with_request("GET", PATH)
        .with_header("Origin", APP)
        .with_header("If-None-Match", '"r7"')
        .will_respond_with(304)
        .with_header("Access-Control-Allow-Origin", APP)
        .with_header("Access-Control-Expose-Headers", listed("etag"))
        .with_header("ETag", '"r7"')
    )
    with pact.serve() as server, open_web_app(str(server.url), APP) as page:
        page.resume(KEPT_TOKEN)
        assert page.latest(ADA) is ADA


def test_a_page_of_somebody_else_may_change_nothing(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("the question of a browser whether a page of somebody else may change a person")
        .with_request("OPTIONS", PATH)
        .with_query_parameter("updateMask", "profile.displayName")
        .with_header("Origin", STRANGER)
        .with_header("Access-Control-Request-Method", "PATCH")
        .with_header("Access-Control-Request-Headers", "authorization,content-type")
        .will_respond_with(204)
        .without_header("Access-Control-Allow-Origin")
        .without_header("Access-Control-Allow-Credentials")
    )
    with pact.serve() as server, open_web_app(str(server.url), STRANGER) as page:
        page.resume(KEPT_TOKEN)
        with pytest.raises(BlockedError):
            page.rename(ADA, "Mallory")


def test_a_page_of_somebody_else_reads_nothing(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a person, asked for by a page of somebody else")
        .given("an administrator is logged in")
        .given("a user exists", user_id=USER_ID)
        .with_request("GET", PATH)
        .with_header("Origin", STRANGER)
        .will_respond_with(200)
        .with_header("Vary", listed("origin"))
        .without_header("Access-Control-Allow-Origin")
        .without_header("Access-Control-Allow-Credentials")
    )
    with pact.serve() as server, open_web_app(str(server.url), STRANGER) as page, pytest.raises(BlockedError):
        page.person(USER_ID)


def test_a_page_of_the_app_may_read_a_refusal(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("the question of a browser whether the app may show its token")
        .with_request("OPTIONS", PATH)
        .with_header("Origin", APP)
        .with_header("Access-Control-Request-Method", "GET")
        .with_header("Access-Control-Request-Headers", "authorization")
        .will_respond_with(204)
        .with_header("Access-Control-Allow-Origin", APP)
        .with_header("Access-Control-Allow-Headers", listed("authorization"))
    )
    (
        pact.upon_receiving("a person that nobody knows, asked for by a page of the app")
        .given("an administrator is logged in")
        .given("no user exists", user_id=USER_ID)
        .with_request("GET", PATH)
        .with_header("Origin", APP)
        .will_respond_with(404)
        .with_header("Access-Control-Allow-Origin", APP)
        .with_body(error("NOT_FOUND", "USER_NOT_FOUND"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url), APP) as page:
        page.resume(KEPT_TOKEN)
        with pytest.raises(RefusedError) as refused:
            page.person(USER_ID)

    assert refused.value.reason == "USER_NOT_FOUND"


def test_a_text_that_is_too_long_is_told_as_such(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a change that is longer than any may be")
        .given("an administrator is logged in")
        # The text is made when it is sent: nobody wants a megabyte in a contract.
        .given("there is a text of many characters", characters=CHARACTERS)
        .with_request("PATCH", PATH)
        .with_query_parameter("updateMask", "profile.displayName")
        .with_body({"profile": {"displayName": match.str("A name")}, "etag": "r7"}, "application/json")
        .with_generators({"body": {"$.profile.displayName": TEXT}}, "Request")
        .will_respond_with(413)
        .with_body(error("INVALID_ARGUMENT", "BODY_TOO_LARGE"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app, pytest.raises(RefusedError) as refused:
        web_app.rename(ADA, "A" * CHARACTERS)

    assert refused.value.reason == "BODY_TOO_LARGE"


def test_a_table_is_refused_as_what_it_is(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a table of people")
        .given("an administrator is logged in")
        .with_request("POST", "/v1/users")
        .with_body("email\nada@example.org\n", "text/csv")
        .will_respond_with(415)
        .with_body(error("INVALID_ARGUMENT", "UNSUPPORTED_MEDIA_TYPE"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app, pytest.raises(RefusedError) as refused:
        web_app.sign_up_all("email\nada@example.org\n")

    assert refused.value.http_status == 415


def test_what_cannot_be_done_is_not_offered(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("the deletion of a person")
        .with_request("DELETE", PATH)
        .will_respond_with(405)
        .with_header("Allow", listed("PATCH"))
        .with_body(error("UNIMPLEMENTED", "METHOD_NOT_ALLOWED"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        assert not web_app.may_delete(USER_ID)


def test_what_the_platform_does_not_have_is_not_shown(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("the teams, which the platform does not have")
        .with_request("GET", "/v1/teams")
        .will_respond_with(404)
        .with_body(error("NOT_FOUND", "ROUTE_NOT_FOUND"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        assert web_app.teams() == []


def test_whoever_asks_too_often_is_told_when_to_come_back(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a request more than the limit allows")
        .given("a rate limit is used up", limit="address")
        .with_request("GET", PATH)
        .with_header("Origin", APP)
        .will_respond_with(429)
        .with_header("Access-Control-Allow-Origin", APP)
        .with_header("Access-Control-Expose-Headers", listed("retry-after"))
        .with_header("RateLimit", match.regex('"address";r=0;t=30', regex=r'"address";r=0;t=\d+'))
        .with_header("RateLimit-Policy", POLICY)
        .with_header("Retry-After", match.regex("30", regex=r"[1-9]\d*"))
        .with_body(error("RESOURCE_EXHAUSTED", "RATE_LIMITED"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url), APP) as page, pytest.raises(RefusedError) as refused:
        page.person(USER_ID)

    assert (refused.value.reason, refused.value.headers["retry-after"]) == ("RATE_LIMITED", "30")


def test_a_service_that_is_away_is_told_from_a_wrong_password(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a login while auth is away")
        .given("auth is away")
        .with_request("POST", "/v1/auth:logIn")
        .with_body({"email": "ada@example.org", "password": "correct horse"}, "application/json")
        .will_respond_with(503)
        .with_header("RateLimit", LIMIT)
        .with_body(error("UNAVAILABLE", "NO_INSTANCE"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app, pytest.raises(RefusedError) as refused:
        web_app.log_in("ada@example.org", "correct horse")

    assert refused.value.reason == "NO_INSTANCE"


def test_a_person_that_did_not_change_is_not_sent_again(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a person of which the app has the latest version")
        .given("an administrator is logged in")
        .given("a user exists", user_id=USER_ID, email="ada@example.org", etag="r7")
        .with_request("GET", PATH)
        .with_header("If-None-Match", '"r7"')
        .will_respond_with(304)
        .with_header("ETag", '"r7"')
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        assert web_app.latest(ADA) is ADA


def test_a_person_that_changed_is_sent_with_its_version(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a person of which the app has an old version")
        .given("an administrator is logged in")
        .given("a user exists", user_id=USER_ID, email="ada@example.org", display_name="Ada L.", etag="r8")
        .with_request("GET", PATH)
        .with_header("If-None-Match", '"r7"')
        .will_respond_with(200)
        .with_header("ETag", '"r8"')
        .with_header("RateLimit", LIMIT)
        .with_header("RateLimit-Policy", POLICY)
        .with_header("Cache-Control", "no-store")
        .with_body({"user": {**user("ada@example.org", "Ada L."), "etag": "r8"}}, "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        assert web_app.latest(ADA).etag == "r8"


def test_a_change_of_an_old_version_fails_its_precondition(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a change whose header names a version that is not the current one")
        .given("an administrator is logged in")
        .given("a user exists", user_id=USER_ID, etag="r8")
        .with_request("PATCH", PATH)
        .with_query_parameter("updateMask", "profile.displayName")
        .with_header("If-Match", '"r7"')
        .with_body({"profile": {"displayName": "Ada L."}}, "application/json")
        .will_respond_with(412)
        .with_body(error("ABORTED", "ETAG_STALE"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app, pytest.raises(RefusedError) as refused:
        web_app.replace_name(ADA, "Ada L.")

    assert (refused.value.http_status, refused.value.reason) == (412, "ETAG_STALE")


def test_a_long_list_comes_in_fewer_bytes(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    person = {
        "userId": USER_ID,
        "email": "user-1@example.com",
        "profile": {"displayName": "User 1"},
        "roles": ["ROLE_MEMBER"],
        "status": "USER_STATUS_ACTIVE",
        "etag": "r1",
    }
    packed = gzip.compress(json.dumps({"users": [person]}).encode(), mtime=0)
    (
        pact.upon_receiving("a page of people that is worth compressing")
        .given("an administrator is logged in")
        .given("users exist", count=20)
        .with_request("GET", "/v1/users")
        .with_query_parameter("pageSize", "50")
        .with_header("Accept-Encoding", match.regex("gzip", regex="gzip|deflate|br|zstd"))
        .will_respond_with(200)
        .with_header("Content-Encoding", "gzip")
        .with_header("Vary", listed("accept-encoding"))
        .with_binary_body(packed, "application/json")
        .with_matching_rules({"body": {"$.users": {"matchers": [{"match": "type", "min": 20}]}}}, "Response")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        assert [each.email for each in web_app.people(page_size=50)] == ["user-1@example.com"]
