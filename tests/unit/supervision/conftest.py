from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import pytest

from servanda.configuration import (
    DEFAULT_LIMITS,
    Configuration,
    Contracts,
    EndToEnd,
    Events,
    Interfaces,
    Limits,
    Service,
)
from servanda.supervision import Plan

SERVER = Path(__file__).parent / "programs" / "server.py"
READY = "http://127.0.0.1:{port.http}/readyz"


@pytest.fixture
def server() -> Callable[..., Service]:
    """Gives the configuration of a service that runs programs/server.py."""

    def configure(name: str, **changes: object) -> Service:
        settings: dict[str, object] = {
            "command": ("{python}", str(SERVER)),
            "ports": ("http",),
            "ready": READY,
            "environment": {"HTTP_PORT": "{port.http}"},
            "drain_seconds": 5.0,
            **changes,
        }
        return Service(name=name, **settings)  # type: ignore[arg-type] # keyword by keyword is what tests vary

    return configure


@pytest.fixture
def plan(tmp_path: Path) -> Callable[..., Plan]:
    """Gives a plan for services."""

    def make(*services: Service, limits: Limits = DEFAULT_LIMITS, **changes: object) -> Plan:
        configuration = Configuration(
            root=tmp_path,
            interfaces=Interfaces(tmp_path, tmp_path, tmp_path),
            events=Events(),
            contracts=Contracts(tmp_path),
            end_to_end=EndToEnd(),
            services=MappingProxyType({service.name: service for service in services}),
            pacticipants=MappingProxyType({}),
            limits=limits,
        )
        settings: dict[str, object] = {
            "stores": {},
            "folder": tmp_path / "run",
            "environ": dict(os.environ),
            **changes,
        }
        return Plan(configuration, **settings)  # type: ignore[arg-type] # keyword by keyword is what tests vary

    return make
