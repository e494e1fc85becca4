"""Who goes through the platform: an administrator and an auditor, each in the web app."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.contract.consumer.web_app_client import WebAppClient
from tests.integration.conftest import Entry, invited


@pytest.fixture(scope="session")
def web_app(entry: Entry, administrator: httpx2.Client) -> Iterator[WebAppClient]:
    """The web app of an administrator."""
    with WebAppClient(entry.gateway_url) as client:
        if email := entry.environment.get("FIRST_ADMIN_EMAIL"):
            client.log_in(email, entry.environment["FIRST_ADMIN_PASSWORD"])
        yield client


@pytest.fixture(scope="session")
def audit_page(entry: Entry, administrator: httpx2.Client) -> Iterator[WebAppClient]:
    """The web app of somebody who may read the audit trail, whom the administrator has invited."""
    email, password = invited(administrator, "auditor", "ROLE_AUDITOR")
    with WebAppClient(entry.gateway_url) as client:
        client.log_in(email, password)
        yield client
