import time
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import pytest

from servanda.extensions import STORES
from servanda.infra import Choice, Provisioning, ignore
from servanda.infra.bringup import BringUp


@pytest.fixture
def embedded() -> Choice:
    return Choice(MappingProxyType(dict.fromkeys(STORES.built_in, Provisioning.EMBEDDED)))


class MakeBringUp:
    """Makes bring-ups of Redis."""

    def __init__(self, choice: Choice) -> None:
        self._choice = choice

    def __call__(self, seconds: float, ports: Iterator[tuple[int, ...]] | None = None) -> BringUp:
        task = BringUp("redis", self._choice, ignore, time.monotonic() + seconds)
        return replace(task, choose_ports=lambda _count: next(ports)) if ports else task


@pytest.fixture
def bring_up(embedded: Choice) -> MakeBringUp:
    return MakeBringUp(embedded)
