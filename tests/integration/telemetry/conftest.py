"""The platform, and somebody who takes its spans."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servanda.infra import Endpoints, isolate
from tests.integration.running_platform import Platform, running_platform
from tests.unit.platformkit.telemetry.sink import Sink, sink


@pytest.fixture(scope="package")
def taking() -> Iterator[Sink]:
    with sink() as running:
        yield running


@pytest.fixture(scope="package")
def platform(
    servanda_endpoints: Endpoints, tmp_path_factory: pytest.TempPathFactory, taking: Sink
) -> Iterator[Platform]:
    environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": taking.endpoint, "OTEL_BSP_SCHEDULE_DELAY": "100"}
    overrides = dict.fromkeys(("gateway", "identity", "audit", "auth", "notification"), environ)
    folder = tmp_path_factory.mktemp("platform")
    with isolate(servanda_endpoints) as namespace, running_platform(namespace, folder, overrides=overrides) as running:
        yield running
