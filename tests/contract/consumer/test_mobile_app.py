"""What the mobile app needs of the gateway: at its old address, and little of each answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from pact import match

from servanda import Observe, ObserveFor, PactWith
from tests.contract.consumer.mobile_app_client import (
    Card,
    ForbiddenError,
    LoginNeededError,
    MobileAppClient,
    StaleError,
)

USER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-000000000001"
# Nobody else's: events about the users of other interactions reach the audit trail at any time.
BUSY_ID = "7f1f0f6e-2b1c-4c5d-8e9f-00000000a0d3"
PATH = f"/api/v1/users/{USER_ID}"
CARD = Card(USER_ID, "Ada", "r7")
SUNSET = "Mon, 01 Nov 2027 00:00:00 GMT"
DATE = match.regex(SUNSET, regex=r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} 00:00:00 GMT")
TIME = match.regex("2026-01-02T03:04:05Z", regex=r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")

OpenMobileApp = Callable[..., MobileAppClient]


class ObservedMobileAppClient(MobileAppClient):
    """The client, with every document that it reads observed."""

    def __init__(self, base_url: str, observe: Observe, network: httpx2.BaseTransport | None = None) -> None:
        super().__init__(base_url, network)
        self._observe = observe

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        # The address that the old one stands for is that of the interface.
        path_of_interface = path.removeprefix("/api")
        observed = self._observe.http(method, path_of_interface, query=options.get("params"), body=options.get("json"))
        return observed(super()._ask(method, path, **options))


class LossyNetwork(httpx2.HTTPTransport):
    """The network of a phone in a tunnel: the first answer gets lost."""

    lost = False

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request, and lose the answer to the first one."""
        response = super().handle_request(request)
        if not self.lost:
            self.lost = True
            response.read()
            response.close()
            raise httpx2.ReadError("the connection was lost")
        return response


@pytest.fixture
def open_mobile_app(servanda_observe: ObserveFor) -> OpenMobileApp:
    """The mobile app's client of a gateway at an address."""
    return lambda base_url, network=None: ObservedMobileAppClient(base_url, servanda_observe("mobile-app"), network)


def test_a_card_is_shown_at_the_old_address_which_says_until_when(
    pact_with: PactWith, open_mobile_app: OpenMobileApp
) -> None:
    pact = pact_with("mobile-app", "gateway")
    (
        pact.upon_receiving("a card at the old address")
        .given("an administrator is logged in")
        .given("a user exists", user_id=USER_ID, display_name="Ada", etag="r7")
        .with_request("GET", PATH)
        .will_respond_with(200)
        .with_header("Deprecation", match.regex("@1793491200", regex=r"@\d+"))
        .with_header("Sunset", DATE)
        .with_header(
            "Link", match.regex('<https://app.example.com/addresses>; rel="deprecation"', regex=r"<https://.+>.*")
        )
        .with_header("Strict-Transport-Security", match.regex("max-age=31536000", regex=r"max-age=\d+.*"))
        .with_body({"user": {"userId": USER_ID, "profile": {"displayName": "Ada"}, "etag": "r7"}}, "application/json")
    )
    with pact.serve() as server, open_mobile_app(str(server.url)) as mobile_app:
        assert mobile_app.card(USER_ID) == CARD
        assert mobile_app.works_until == datetime(2027, 11, 1, tzinfo=UTC)


def test_a_card_that_did_not_change_costs_no_bytes(pact_with: PactWith, open_mobile_app: OpenMobileApp) -> None:
    pact = pact_with("mobile-app", "gateway")
    (
        pact.upon_receiving("a card that the app keeps")
        .given("an administrator is logged in")
        .given("a user exists", user_id=USER_ID, display_name="Ada", etag="r7")
        .with_request("GET", PATH)
        .with_header("If-None-Match", '"r7"')
        .will_respond_with(304)
        .with_header("ETag", '"r7"')
    )
    with pact.serve() as server, open_mobile_app(str(server.url)) as mobile_app:
        assert mobile_app.card(USER_ID, CARD) is CARD


def test_whoever_joins_in_a_tunnel_joins_once(pact_with: PactWith, open_mobile_app: OpenMobileApp) -> None:
    pact = pact_with("mobile-app", "gateway")
    body = {"user": {"email": "ada@example.org", "profile": {"displayName": "Ada"}}, "idempotencyKey": "mobile-1"}
    (
        pact.upon_receiving("a sign-up whose answer got lost")
        .given("an administrator is logged in")
        .given(
            "an idempotency key was used", key="mobile-1", user_id=USER_ID, email="ada@example.org", display_name="Ada"
        )
        .with_request("POST", "/api/v1/users")
        .with_body(body, "application/json")
        .will_respond_with(200)
        .with_body({"user": {"userId": USER_ID}}, "application/json")
    )
    with pact.serve() as server, open_mobile_app(str(server.url), LossyNetwork()) as mobile_app:
        assert mobile_app.join("ada@example.org", "Ada", "mobile-1") == USER_ID


def test_a_card_is_changed_by_a_header_that_no_network_takes_away(
    pact_with: PactWith, open_mobile_app: OpenMobileApp
) -> None:
    pact = pact_with("mobile-app", "gateway")
    (
        pact.upon_receiving("a change of the version that the app has")
        .given("an administrator is logged in")
        .given("a user exists", user_id=USER_ID, display_name="Ada", etag="r7")
        .with_request("PATCH", PATH)
        .with_query_parameter("updateMask", "profile.displayName")
        .with_header("X-If-Match", '"r7"')
        .with_body({"profile": {"displayName": "Ada L."}}, "application/json")
        .will_respond_with(200)
        .with_body(
            {"user": {"userId": USER_ID, "profile": {"displayName": "Ada L."}, "etag": match.str("r8")}},
            "application/json",
        )
    )
    with pact.serve() as server, open_mobile_app(str(server.url)) as mobile_app:
        assert mobile_app.rename(CARD, "Ada L.").name == "Ada L."


def test_a_change_of_an_old_card_is_told_as_such(pact_with: PactWith, open_mobile_app: OpenMobileApp) -> None:
    pact = pact_with("mobile-app", "gateway")
    (
        pact.upon_receiving("a change of a version that is not the current one")
        .given("an administrator is logged in")
        .given("a user exists", user_id=USER_ID, etag="r8")
        .with_request("PATCH", PATH)
        .with_query_parameter("updateMask", "profile.displayName")
        .with_header("X-If-Match", '"r7"')
        .with_body({"profile": {"displayName": "Ada L."}}, "application/json")
        .will_respond_with(412)
    )
    with pact.serve() as server, open_mobile_app(str(server.url)) as mobile_app, pytest.raises(StaleError):
        mobile_app.rename(CARD, "Ada L.")


def test_the_history_of_a_person_is_shown_a_page_at_a_time(pact_with: PactWith, open_mobile_app: OpenMobileApp) -> None:
    pact = pact_with("mobile-app", "gateway")
    subject = f"users/{BUSY_ID}"
    (
        pact.upon_receiving("the first page of the history of a person")
        .given("an auditor is logged in")
        .given("audit entries exist", subject=subject, count=3)
        .with_request("GET", "/api/v1/audit/entries")
        .with_query_parameter("subject", subject)
        .with_query_parameter("pageSize", "2")
        .will_respond_with(200)
        .with_body(
            {"entries": [{"occurTime": TIME}, {"occurTime": TIME}], "nextPageToken": match.regex("token", regex=r".+")},
            "application/json",
        )
    )
    with pact.serve() as server, open_mobile_app(str(server.url)) as mobile_app:
        assert mobile_app.history(BUSY_ID, 2) == (["2026-01-02T03:04:05Z"] * 2, "token")


@pytest.mark.parametrize(
    ("description", "given", "challenge"),
    [
        ("a card, asked for without a login", (), 'Bearer realm="plt"'),
        (
            "a card, asked for with a login that has expired",
            ("a login has expired",),
            'Bearer realm="plt", error="invalid_token"',
        ),
    ],
)
def test_whoever_is_not_logged_in_is_shown_the_login(
    pact_with: PactWith, open_mobile_app: OpenMobileApp, description: str, given: tuple[str, ...], challenge: str
) -> None:
    pact = pact_with("mobile-app", "gateway")
    interaction = pact.upon_receiving(description)
    for state in given:
        interaction = interaction.given(state)
    (
        interaction.with_request("GET", PATH)
        .will_respond_with(401)
        .with_header("WWW-Authenticate", challenge)
        .with_body({"error": {"status": "UNAUTHENTICATED"}}, "application/json")
    )
    with pact.serve() as server, open_mobile_app(str(server.url)) as mobile_app, pytest.raises(LoginNeededError):
        mobile_app.card(USER_ID)


def test_the_card_of_somebody_else_is_not_shown(pact_with: PactWith, open_mobile_app: OpenMobileApp) -> None:
    pact = pact_with("mobile-app", "gateway")
    (
        pact.upon_receiving("the card of somebody else")
        .given("a member is logged in", user_id=BUSY_ID)
        .given("a user exists", user_id=USER_ID)
        .with_request("GET", PATH)
        .will_respond_with(403)
        .with_body({"error": {"details": [{"reason": "USER_IS_ANOTHER"}]}}, "application/json")
    )
    with pact.serve() as server, open_mobile_app(str(server.url)) as mobile_app, pytest.raises(ForbiddenError) as why:
        mobile_app.card(USER_ID)
    assert why.value.reason == "USER_IS_ANOTHER"


def test_the_history_of_a_person_is_for_auditors(pact_with: PactWith, open_mobile_app: OpenMobileApp) -> None:
    pact = pact_with("mobile-app", "gateway")
    (
        pact.upon_receiving("a history, asked for by a member")
        .given("a member is logged in", user_id=BUSY_ID)
        .with_request("GET", "/api/v1/audit/entries")
        .with_query_parameter("subject", f"users/{BUSY_ID}")
        .with_query_parameter("pageSize", "2")
        .will_respond_with(403)
        .with_body({"error": {"details": [{"reason": "ROLE_MISSING"}]}}, "application/json")
    )
    with pact.serve() as server, open_mobile_app(str(server.url)) as mobile_app, pytest.raises(ForbiddenError) as why:
        mobile_app.history(BUSY_ID, 2)
    assert why.value.reason == "ROLE_MISSING"
