import socket
from collections.abc import Callable, Iterator

import grpc.aio
import pytest

from platformkit.channels import HttpChannel, grpc_channel
from platformkit.lifecycle import Settings
from tests.unit.platformkit.lifecycle.audit_service import Service


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def settings() -> Settings:
    ports = {"GRPC_PORT": str(free_port()), "HTTP_PORT": str(free_port())}
    return Settings.from_environ("audit", {**ports, "DRAIN_SECONDS": "5", "INTERNAL_TOKENS": "off"})


@pytest.fixture
def service(settings: Settings) -> Service:
    return Service(settings)


@pytest.fixture(params=["grpc", "http"])
def channel_of(request: pytest.FixtureRequest) -> Iterator[Callable[[Settings], grpc.aio.Channel]]:
    """A channel to a service, over each transport in turn."""
    if request.param == "grpc":
        yield lambda settings: grpc_channel(f"{settings.host}:{settings.grpc_port}")
    else:
        yield lambda settings: HttpChannel(f"http://{settings.host}:{settings.http_port}")
