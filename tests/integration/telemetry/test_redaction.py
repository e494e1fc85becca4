"""Secrets and personal data are in no log and in no span of the running platform."""

from __future__ import annotations

import httpx2

from tests.integration.running_platform import Platform
from tests.integration.waiting import eventually
from tests.unit.platformkit.telemetry.sink import Sink

SERVICES = ("gateway", "identity", "audit", "auth", "notification")
MARKER = "zq7marker4of9secrets"
TRACE_ID, BROWSER = "5cf92f3577b34da6a3ce929d0e0e4737", "2222222222222222"


def test_no_log_and_no_span_holds_an_address_a_name_or_a_password(platform: Platform, taking: Sink) -> None:
    user = {"email": f"{MARKER}@example.org", "profile": {"displayName": f"Ada {MARKER}"}}
    headers = {"traceparent": f"00-{TRACE_ID}-{BROWSER}-01", "x-request-id": "marked"}
    with httpx2.Client(base_url=platform.gateway_url, headers=headers) as browser:
        created = browser.post("/v1/users", json={"user": user}).raise_for_status().json()["user"]
        taken = browser.post("/v1/users", json={"user": user})
        login = browser.post("/v1/auth:logIn", json={"email": user["email"], "password": MARKER * 2})
        mistyped = browser.post("/v1/users", json={"user": {**user, "email": [MARKER]}})
    assert created["email"] == user["email"]
    assert [response.status_code for response in (taken, login, mistyped)] == [409, 401, 400]

    def logs() -> dict[str, str]:
        return {name: platform.running.service(name).log.read_text() for name in SERVICES}

    found = eventually(logs, until=lambda texts: all('"marked"' in text for text in texts.values()), seconds=20)
    eventually(
        lambda: {span.service for span in taking.of(TRACE_ID)}, until=lambda those: those >= set(SERVICES), seconds=20
    )
    told = {**found, "409": taken.text, "401": login.text, "400": mistyped.text, "spans": str(taking.of(TRACE_ID))}
    assert [name for name, text in told.items() if MARKER in text.lower()] == []
