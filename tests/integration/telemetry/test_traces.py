"""One trace leads through every process that a request reached, from the header of a browser to the consumer."""

from __future__ import annotations

import httpx2
import pytest

from tests.integration.running_platform import Platform
from tests.integration.waiting import eventually
from tests.unit.platformkit.telemetry.sink import Sink

TRACE_ID, BROWSER = "4bf92f3577b34da6a3ce929d0e0e4736", "1111111111111111"


PROCESS, SEND_MAIL = "process plt.identity.user.v1", "send mail"


@pytest.mark.parametrize(
    "steps", [[("audit", PROCESS)], [("notification", PROCESS), ("notification", SEND_MAIL)]], ids=["entry", "mail"]
)
def test_one_trace_leads_from_the_header_of_a_browser_to_all_that_an_event_brings_about(
    platform: Platform, taking: Sink, steps: list[tuple[str, str]]
) -> None:
    trace_id = TRACE_ID[:-1] + str(len(steps))
    user = {"email": f"traced-{len(steps)}@example.org", "profile": {"displayName": "Ada"}}
    headers = {"traceparent": f"00-{trace_id}-{BROWSER}-01"}
    httpx2.post(f"{platform.gateway_url}/v1/users", json={"user": user}, headers=headers).raise_for_status()
    services = [("gateway", "POST /v1/users")]
    services += [(service, "plt.identity.v1.IdentityService/CreateUser") for service in ("gateway", "identity")]
    services += [("identity", "transaction"), ("identity", "create plt.identity.user.v1"), *steps]
    # Each process sends its spans when it comes to it.
    spans = eventually(
        lambda: taking.of(trace_id),
        until=lambda found: set(services) <= {(span.service, span.name) for span in found},
        seconds=20,
    )
    by_id = {span.span_id: span for span in spans}
    (last,) = (span for span in spans if (span.service, span.name) == steps[-1])
    way = [last]
    while way[0].parent_id in by_id:
        way.insert(0, by_id[way[0].parent_id])
    assert [(span.service, span.name) for span in way] == services
    assert way[0].parent_id == BROWSER
