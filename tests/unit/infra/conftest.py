import time
from collections.abc import Callable
from types import MappingProxyType

import pytest

from treaty.configuration import Store
from treaty.infra import Choice, Kind, ignore
from treaty.infra.bringup import BringUp


@pytest.fixture
def embedded() -> Choice:
    return Choice(MappingProxyType(dict.fromkeys(Store, Kind.EMBEDDED)))


@pytest.fixture
def bring_up(embedded: Choice) -> Callable[[float], BringUp]:
    """A bring-up of Redis that has so many seconds."""

    def make(seconds: float) -> BringUp:
        return BringUp(Store.REDIS, embedded, ignore, time.monotonic() + seconds)

    return make
