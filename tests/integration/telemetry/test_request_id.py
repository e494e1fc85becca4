"""One identifier leads through the logs of every process that a request reached, over HTTP, gRPC and Kafka."""

from __future__ import annotations

import json

import httpx2
import pytest

from tests.integration.running_platform import Platform
from tests.integration.waiting import eventually


def lines_about(platform: Platform, service: str, request_id: str) -> list[dict[str, object]]:
    """What a service logged while it handled the request."""
    lines = platform.running.service(service).log.read_text().splitlines()
    documents = [json.loads(line) for line in lines if line.startswith("{")]
    return [document for document in documents if document.get("request_id") == request_id]


@pytest.mark.parametrize("service", ["gateway", "identity", "audit", "notification"])
def test_the_id_of_a_request_is_in_the_logs_of_every_service_that_it_reached(platform: Platform, service: str) -> None:
    request_id = f"request-to-{service}"
    user = {"email": f"{service}@example.org", "profile": {"displayName": "Ada"}}
    headers = {"x-request-id": request_id}
    httpx2.post(f"{platform.gateway_url}/v1/users", json={"user": user}, headers=headers).raise_for_status()
    lines = eventually(lambda: lines_about(platform, service, request_id), until=bool, seconds=20)
    assert {line["service"] for line in lines} == {service}
