"""What the web app needs of the gateway."""

from collections.abc import Callable
from typing import Any

import pytest
from pact import match

from servanda import Observe, ObserveFor, PactWith
from tests.contract.consumer.web_app_client import Person, RefusedError, WebAppClient

USER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-000000000001"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TIME = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z"


class ObservedWebAppClient(WebAppClient):
    """The client, with every document that it reads observed."""

    def __init__(self, base_url: str, observe: Observe) -> None:
        super().__init__(base_url)
        self._observe = observe

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        observed = self._observe.http(method, path, query=options.get("params"), body=options.get("json"))
        return observed(super()._ask(method, path, **options))


OpenWebApp = Callable[[str], WebAppClient]


@pytest.fixture
def open_web_app(servanda_observe: ObserveFor) -> OpenWebApp:
    """The web app's client of a gateway at an address."""
    return lambda base_url: ObservedWebAppClient(base_url, servanda_observe("web-app"))


def user(email: str, name: str, *, status: str = "USER_STATUS_ACTIVE") -> dict[str, object]:
    return {
        "userId": match.regex(USER_ID, regex=UUID),
        "email": email,
        "profile": {"displayName": name},
        "roles": ["ROLE_MEMBER"],
        "status": status,
        "etag": match.str("r1"),
    }


def error(status: str, reason: str) -> dict[str, object]:
    return {
        "error": {
            "status": status,
            "message": match.str("the platform says why"),
            "details": match.array_containing([{"reason": reason, "domain": match.str("plt")}]),
        }
    }


def test_a_person_is_shown(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a person that exists")
        .given("a user exists", user_id=USER_ID, email="ada@example.org", display_name="Ada")
        .with_request("GET", f"/v1/users/{USER_ID}")
        .with_header("Accept", "application/json")
        .will_respond_with(200)
        .with_header("Content-Type", "application/json")
        .with_header("X-Request-Id", match.regex("request-1", regex=r"[\w.-]+"))
        .with_body({"user": user("ada@example.org", "Ada")}, "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        person = web_app.person(USER_ID)

    assert (person.display_name, person.email, person.active) == ("Ada", "ada@example.org", True)


def test_a_person_that_nobody_knows_is_told_from_a_failure(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a person that nobody knows")
        .given("no user exists", user_id=USER_ID)
        .with_request("GET", f"/v1/users/{USER_ID}")
        .will_respond_with(404)
        .with_body(error("NOT_FOUND", "USER_NOT_FOUND"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app, pytest.raises(RefusedError) as refused:
        web_app.person(USER_ID)

    assert refused.value.reason == "USER_NOT_FOUND"


def test_the_field_to_mark_is_named_when_an_address_is_none(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a sign-up with an address that is none")
        .with_request("POST", "/v1/users")
        .with_body(
            {"user": {"email": "ada", "profile": {"displayName": "Ada"}}, "idempotencyKey": "web-1"},
            "application/json",
        )
        .will_respond_with(400)
        .with_body(
            {
                "error": {
                    "status": "INVALID_ARGUMENT",
                    "details": match.array_containing(
                        [
                            {
                                "fieldViolations": match.each_like(
                                    {"field": match.regex("user.email", regex=r"user\.email")}
                                )
                            }
                        ]
                    ),
                }
            },
            "application/json",
        )
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app, pytest.raises(RefusedError) as refused:
        web_app.sign_up("ada", "Ada", "web-1")

    assert refused.value.fields == ("user.email",)


def test_a_person_signs_up(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a sign-up")
        .given("no user exists", email="grace@example.org")
        .with_request("POST", "/v1/users")
        .with_body(
            {"user": {"email": "grace@example.org", "profile": {"displayName": "Grace"}}, "idempotencyKey": "web-2"},
            "application/json",
        )
        .will_respond_with(200)
        .with_body({"user": user("grace@example.org", "Grace")}, "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        assert web_app.sign_up("grace@example.org", "Grace", "web-2").active


def test_an_address_that_is_taken_is_told_as_such(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a sign-up with an address that is taken")
        .given("the email is taken", email="taken@example.org")
        .with_request("POST", "/v1/users")
        .with_body(
            {"user": {"email": "taken@example.org", "profile": {"displayName": "Ada"}}, "idempotencyKey": "web-3"},
            "application/json",
        )
        .will_respond_with(409)
        .with_body(error("ALREADY_EXISTS", "EMAIL_TAKEN"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app, pytest.raises(RefusedError) as refused:
        web_app.sign_up("taken@example.org", "Ada", "web-3")

    assert refused.value.reason == "EMAIL_TAKEN"


def test_a_person_is_renamed(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a change of the current version")
        .given("a user exists", user_id=USER_ID, email="ada@example.org", etag="r7")
        .with_request("PATCH", f"/v1/users/{USER_ID}")
        .with_query_parameter("updateMask", "profile.displayName")
        .with_body({"profile": {"displayName": "Ada L."}, "etag": "r7"}, "application/json")
        .will_respond_with(200)
        .with_body({"user": user("ada@example.org", "Ada L.")}, "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        person = web_app.rename(Person(USER_ID, "ada@example.org", "Ada", (), {}, active=True, etag="r7"), "Ada L.")

    assert (person.display_name, person.etag) == ("Ada L.", "r1")


def test_of_two_changes_the_slower_is_refused(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a change of a version that is not the current one")
        .given("a user exists", user_id=USER_ID, etag="r7")
        .with_request("PATCH", f"/v1/users/{USER_ID}")
        .with_query_parameter("updateMask", "profile.displayName")
        .with_body({"profile": {"displayName": "Ada L."}, "etag": "r6"}, "application/json")
        .will_respond_with(409)
        .with_body(error("ABORTED", "ETAG_STALE"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app, pytest.raises(RefusedError) as refused:
        web_app.rename(Person(USER_ID, "ada@example.org", "Ada", (), {}, active=True, etag="r6"), "Ada L.")

    assert refused.value.reason == "ETAG_STALE"


def test_people_are_listed_a_page_at_a_time(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("the first page of people")
        .given("users exist", count=1)
        .with_request("GET", "/v1/users")
        .with_query_parameter("pageSize", "2")
        .will_respond_with(200)
        .with_body({"users": [user("user-1@example.com", "User 1")]}, "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        assert [person.email for person in web_app.people(page_size=2)] == ["user-1@example.com"]


def test_what_happened_to_a_person_is_shown(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    # Nobody else's: events about the users of other interactions reach the audit trail at any time.
    subject = "users/7f1f0f6e-2b1c-4c5d-8e9f-00000000a0d2"
    (
        pact.upon_receiving("what happened to a person")
        .given("an audit entry exists", subject=subject, kind="USER_UPDATED", changed_fields=["email"])
        .with_request("GET", "/v1/audit/entries")
        .with_query_parameter("subject", subject)
        .with_query_parameter("pageSize", "20")
        .will_respond_with(200)
        .with_body(
            {
                "entries": [
                    {
                        "kind": "ENTRY_KIND_USER_UPDATED",
                        "subject": subject,
                        "occurTime": match.regex("2026-01-02T03:04:05Z", regex=TIME),
                        "changedFields": ["email"],
                    }
                ]
            },
            "application/json",
        )
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        (happening,) = web_app.happenings(subject)

    assert happening.changed == ("email",)


def test_a_person_is_deactivated(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("the deactivation of a person")
        .given("a user exists", user_id=USER_ID, email="ada@example.org", display_name="Ada")
        .with_request("POST", f"/v1/users/{USER_ID}:deactivate")
        .with_body({}, "application/json")
        .will_respond_with(200)
        .with_body({"user": user("ada@example.org", "Ada", status="USER_STATUS_DEACTIVATED")}, "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        assert not web_app.deactivate(USER_ID).active
