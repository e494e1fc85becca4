"""What the audit trail needs of auth's events: driven through its own handler."""

from __future__ import annotations

from pact import match

from servanda import PactWith
from services.audit.domain.entry import EntryKind
from tests.contract.consumer.conftest import Recorded
from tests.contract.consumer.test_audit import cause, headers

USER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-0000000a0702"
SESSION_ID = "7f1f0f6e-2b1c-4c5d-8e9f-0000000a0798"


def headers_of_auth(event: str, request: str) -> dict[str, object]:
    return {
        **headers(event, request),
        "ce_type": f"plt.auth.v1.{event}",
        "ce_source": "/plt/auth",
    }


async def test_a_login_is_recorded(pact_with: PactWith, recorded: Recorded) -> None:
    pact = pact_with("audit", "auth")
    (
        pact.upon_event("a user logged in", "plt.auth.v1.LoginSucceeded")
        .given("a user logged in", user_id=USER_ID, session_id=SESSION_ID, address="192.0.2.1", **cause("request-l"))
        .with_key(USER_ID)
        .with_headers(headers_of_auth("LoginSucceeded", "request-l"))
        .with_payload({"user_id": USER_ID, "session_id": SESSION_ID, "address": "192.0.2.1"})
    )
    with pact.deliver() as delivery:
        occurrence = await recorded(delivery)

    assert (occurrence.kind, occurrence.subject) == (EntryKind.LOGIN_SUCCEEDED, f"users/{USER_ID}")


async def test_a_failed_login_is_recorded(pact_with: PactWith, recorded: Recorded) -> None:
    pact = pact_with("audit", "auth")
    (
        pact.upon_event("a login failed", "plt.auth.v1.LoginFailed")
        .given("a login failed", user_id=USER_ID, failures=3, **cause("request-f"))
        .with_key(USER_ID)
        .with_headers(headers_of_auth("LoginFailed", "request-f"))
        .with_payload({"account_key": match.str(USER_ID), "user_id": USER_ID, "failures": 3})
    )
    with pact.deliver() as delivery:
        occurrence = await recorded(delivery)

    assert (occurrence.kind, occurrence.details["failures"]) == (EntryKind.LOGIN_FAILED, "3")


async def test_a_changed_password_is_recorded(pact_with: PactWith, recorded: Recorded) -> None:
    pact = pact_with("audit", "auth")
    (
        pact.upon_event("a password was changed", "plt.auth.v1.PasswordChanged")
        .given("a password was changed", user_id=USER_ID, **cause("request-p"))
        .with_key(USER_ID)
        .with_headers(headers_of_auth("PasswordChanged", "request-p"))
        .with_payload({"user_id": USER_ID})
    )
    with pact.deliver() as delivery:
        occurrence = await recorded(delivery)

    assert (occurrence.kind, occurrence.subject) == (EntryKind.PASSWORD_CHANGED, f"users/{USER_ID}")


async def test_a_revocation_is_recorded(pact_with: PactWith, recorded: Recorded) -> None:
    pact = pact_with("audit", "auth")
    (
        pact.upon_event("tokens were revoked", "plt.auth.v1.TokenRevoked")
        .given("tokens were revoked", user_id=USER_ID, session_id=SESSION_ID, **cause("request-r"))
        .with_key(USER_ID)
        .with_headers(headers_of_auth("TokenRevoked", "request-r"))
        .with_payload({"user_id": USER_ID, "session_id": SESSION_ID, "reason": "REVOCATION_REASON_LOGGED_OUT"})
    )
    with pact.deliver() as delivery:
        occurrence = await recorded(delivery)

    assert (occurrence.kind, occurrence.details["reason"]) == (EntryKind.TOKEN_REVOKED, "logged_out")
