"""A small repository, and a platform that needs no process."""

from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.configuration import Configuration, load
from servanda.supervision import Placeholders, Running, System


@pytest.fixture
def repository(tmp_path: Path) -> Callable[[str], Configuration]:
    """A repository whose ``servanda.toml`` has this text."""

    def write(text: str) -> Configuration:
        (tmp_path / "servanda.toml").write_text(text, encoding="utf-8")
        return load(tmp_path / "servanda.toml")

    return write


class IdlePlatform:
    """A platform without services."""

    def __init__(self) -> None:
        self.begun = False

    def begin(self) -> None:
        self.begun = True

    async def running(self) -> Running:
        return System({}, Placeholders({"python": "python3", "redis.url": "redis://127.0.0.1:6379"}))


@pytest.fixture
def platform() -> IdlePlatform:
    return IdlePlatform()
