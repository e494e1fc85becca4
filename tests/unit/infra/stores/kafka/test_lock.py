from importlib.resources import files
from pathlib import Path

import pytest

from servanda.infra.jvm.lock import Jar, read_lock

_LOCK = read_lock(Path(str(files("servanda.infra.stores.kafka"))) / "kafka.lock")


def test_the_broker_is_the_release_that_the_lock_says() -> None:
    assert f"org.apache.kafka:kafka_2.13:{_LOCK.version}" in {jar.coordinate for jar in _LOCK.jars}


def test_every_root_is_locked() -> None:
    assert set(_LOCK.roots) <= {jar.coordinate for jar in _LOCK.jars}


@pytest.mark.parametrize("jar", _LOCK.jars, ids=lambda jar: jar.coordinate)
def test_every_jar_has_a_sum_and_a_size(jar: Jar) -> None:
    assert len(bytes.fromhex(jar.sha256)) == 32
    assert jar.size > 0
