"""What the web app needs of the gateway."""

import pytest
from pact import match

from servanda import PactWith
from tests.contract.consumer.conftest import OpenWebApp
from tests.contract.consumer.web_app_client import Person, RefusedError

USER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-000000000001"
OTHER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-0000000000ff"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TIME = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z"


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
        .given("an administrator is logged in")
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
        .given("an administrator is logged in")
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
        .given("an administrator is logged in")
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
        .given("an administrator is logged in")
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
        .given("an administrator is logged in")
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
        .given("an administrator is logged in")
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
        .given("an administrator is logged in")
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
        .given("an administrator is logged in")
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
        .given("an auditor is logged in")
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
        .given("an administrator is logged in")
        .given("a user exists", user_id=USER_ID, email="ada@example.org", display_name="Ada")
        .with_request("POST", f"/v1/users/{USER_ID}:deactivate")
        .with_body({}, "application/json")
        .will_respond_with(200)
        .with_body({"user": user("ada@example.org", "Ada", status="USER_STATUS_DEACTIVATED")}, "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        assert not web_app.deactivate(USER_ID).active


def refused_for(
    pact_with: PactWith, open_web_app: OpenWebApp, *given: str, answer: tuple[int, str, str]
) -> RefusedError:
    """Answer to the app that asks for people, when something is true."""
    status, code, reason = answer
    pact = pact_with("web-app", "gateway")
    interaction = pact.upon_receiving(f"people, which is answered with {reason}")
    for state in given:
        interaction = interaction.given(state)
    (
        interaction.with_request("GET", "/v1/users")
        .with_query_parameter("pageSize", "2")
        .will_respond_with(status)
        .with_body(error(code, reason), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app, pytest.raises(RefusedError) as refused:
        list(web_app.people(page_size=2))
    return refused.value


def test_who_is_not_logged_in_is_told_to_log_in(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    refused = refused_for(pact_with, open_web_app, answer=(401, "UNAUTHENTICATED", "TOKEN_MISSING"))

    assert refused.must_log_in


def test_whose_login_has_expired_is_told_to_log_in(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    answer = (401, "UNAUTHENTICATED", "TOKEN_INVALID")
    refused = refused_for(pact_with, open_web_app, "a login has expired", answer=answer)

    assert refused.must_log_in


def test_who_may_not_see_people_is_not_told_to_log_in(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    answer = (403, "PERMISSION_DENIED", "ROLE_MISSING")
    refused = refused_for(pact_with, open_web_app, "a member is logged in", answer=answer)

    assert not refused.must_log_in


def test_a_member_sees_itself(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a person who is the one that asks")
        .given("a member is logged in", user_id=USER_ID)
        .given("a user exists", user_id=USER_ID, email="ada@example.org", display_name="Ada")
        .with_request("GET", f"/v1/users/{USER_ID}")
        .will_respond_with(200)
        .with_body({"user": user("ada@example.org", "Ada")}, "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        assert web_app.person(USER_ID).user_id == USER_ID


def test_a_member_sees_nobody_else(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a person who is not the one that asks")
        .given("a member is logged in", user_id=OTHER_ID)
        .given("a user exists", user_id=USER_ID)
        .with_request("GET", f"/v1/users/{USER_ID}")
        .will_respond_with(403)
        .with_body(error("PERMISSION_DENIED", "USER_IS_ANOTHER"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app, pytest.raises(RefusedError) as refused:
        web_app.person(USER_ID)

    assert not refused.value.must_log_in
