"""Identity without gRPC: the gateway reaches it over HTTP, and nobody outside can tell."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from servanda.infra import Namespace
from tests.contract.consumer.web_app_client import RefusedError, WebAppClient
from tests.integration.running_platform import Platform, running_platform
from tests.integration.waiting import eventually


@pytest.fixture
def platform(servanda_namespace: Namespace, tmp_path: Path) -> Iterator[Platform]:
    with running_platform(servanda_namespace, tmp_path, overrides={"identity": {"GRPC_PORT": ""}}) as running:
        yield running


def test_the_journey_of_a_user_goes_over_http(platform: Platform) -> None:
    with WebAppClient(platform.gateway_url) as web_app:
        ada = web_app.sign_up("ada@example.org", "Ada", uuid.uuid4().hex)
        renamed = web_app.rename(web_app.person(ada.user_id), "Ada Lovelace")
        assert renamed.display_name == "Ada Lovelace"
        assert not web_app.deactivate(ada.user_id).active
        with pytest.raises(RefusedError) as refused:
            web_app.person(str(uuid.UUID(int=0)))
        assert (refused.value.http_status, refused.value.status) == (404, "NOT_FOUND")
        happenings = eventually(
            lambda: web_app.happenings(f"users/{ada.user_id}"), until=lambda found: len(found) == 3, seconds=20
        )

    assert [happening.kind.removeprefix("ENTRY_KIND_USER_") for happening in happenings] == [
        "DEACTIVATED",
        "UPDATED",
        "CREATED",
    ]
