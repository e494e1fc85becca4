from collections.abc import Callable

import pytest

from servanda.errors import InfrastructureError
from servanda.infra.bringup import BringUp
from servanda.infra.docker.engine import ensure_image, offers
from servanda.processes import free_port


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{free_port()}")


def test_no_engine_offers_nothing() -> None:
    assert not offers("redis:8.2")


def test_without_an_engine_the_error_says_what_to_do(bring_up: Callable[[float], BringUp]) -> None:
    with pytest.raises(InfrastructureError, match="the Docker engine is not reachable") as caught:
        ensure_image(bring_up(10), "redis:8.2")
    assert "SERVANDA_INFRA_REDIS" in str(caught.value.hint)
