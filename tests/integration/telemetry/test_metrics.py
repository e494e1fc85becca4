"""Numbers that Prometheus reads of the running platform."""

from __future__ import annotations

from collections.abc import Callable

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.integration.running_platform import Platform
from tests.integration.waiting import eventually

CREATE = "plt.identity.v1.IdentityService/CreateUser"
CREATED = "plt.identity.v1.UserCreated"

Read = Callable[..., float | None]


@pytest.fixture(scope="module")
def number(platform: Platform) -> Read:
    """The number of a service, by name and labels."""
    for name in ("one", "two"):
        user = {"email": f"{name}@example.org", "profile": {"displayName": "Ada"}}
        httpx2.post(f"{platform.gateway_url}/v1/users", json={"user": user}).raise_for_status()
    httpx2.get(f"{platform.gateway_url}/nowhere")

    def read(service: str, name: str, /, **labels: str) -> float | None:
        text = httpx2.get(f"http://{platform.running.address(service, 'metrics')}/metrics").text
        samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
        return next((each.value for each in samples if (each.name, each.labels) == (name, labels)), None)

    return read


def test_every_service_counts_what_it_answers_by_rpc(number: Read) -> None:
    assert number("gateway", "plt_http_server_requests_total", rpc=CREATE, status="200") == 2
    assert number("gateway", "plt_rpc_client_calls_total", rpc=CREATE, code="OK") == 2
    assert number("identity", "plt_rpc_server_calls_total", rpc=CREATE, transport="grpc", code="OK") == 2
    assert number("identity", "plt_rpc_server_seconds_count", rpc=CREATE, transport="grpc") == 2


def test_paths_that_nobody_answers_are_one(number: Read) -> None:
    assert number("gateway", "plt_http_server_requests_total", rpc="_OTHER", status="404") == 1


def test_the_instances_of_a_service_are_counted_by_whether_they_get_calls(number: Read) -> None:
    interface = "plt.identity.v1.IdentityService"
    found = [
        number("gateway", "plt_channel_instances", service=interface, state=state) for state in ("working", "broken")
    ]
    assert found == [1, 0]


def test_an_event_is_counted_where_it_leaves_and_where_it_takes_effect(number: Read) -> None:
    facts = {"consumer": "audit", "type": CREATED}
    eventually(lambda: number("audit", "plt_events_applied_total", **facts), until=lambda found: found == 2, seconds=20)
    assert number("identity", "plt_events_sent_total", topic="plt.identity.user.v1") == 2
    assert number("audit", "plt_event_delay_seconds_count", consumer="audit") == 2


def test_what_waits_in_the_outbox_is_a_number(number: Read) -> None:
    eventually(lambda: number("identity", "plt_outbox_waiting"), until=lambda found: found == 0, seconds=20)
    assert number("identity", "plt_outbox_oldest_seconds") == 0
