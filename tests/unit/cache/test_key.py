"""The key that seals are made with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from servanda.cache import KEY_BYTES, cache_key
from servanda.errors import ConfigurationError


def test_a_key_is_made_once_and_is_a_secret(tmp_path: Path) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    assert cache_key(environ) == cache_key(environ)
    file = tmp_path / "servanda" / "cache.key"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_two_users_have_two_keys(tmp_path: Path) -> None:
    assert cache_key({"XDG_STATE_HOME": str(tmp_path / "a")}) != cache_key({"XDG_STATE_HOME": str(tmp_path / "b")})


def test_processes_that_make_it_at_the_same_time_agree(tmp_path: Path) -> None:
    script = "import os; from servanda.cache import cache_key; print(cache_key(os.environ).hex())"
    environ = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
    makers = [subprocess.Popen([sys.executable, "-c", script], env=environ, stdout=-1) for _ in range(3)]
    assert len({maker.communicate()[0] for maker in makers}) == 1


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    cache_key({"XDG_STATE_HOME": str(tmp_path)})
    (tmp_path / "servanda" / "cache.key").chmod(mode)
    with pytest.raises(ConfigurationError, match=r"only user .* can read") as caught:
        cache_key({"XDG_STATE_HOME": str(tmp_path)})
    assert "delete it" in str(caught.value.hint)


@pytest.mark.parametrize("content", [b"", b"short", b"x" * (KEY_BYTES + 1)], ids=["empty", "short", "long"])
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    cache_key({"XDG_STATE_HOME": str(tmp_path)})
    (tmp_path / "servanda" / "cache.key").write_bytes(content)
    with pytest.raises(ConfigurationError, match=f"not a file of {KEY_BYTES} bytes"):
        cache_key({"XDG_STATE_HOME": str(tmp_path)})


def test_a_link_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "servanda").mkdir()
    (tmp_path / "elsewhere").write_bytes(b"x" * KEY_BYTES)
    (tmp_path / "servanda" / "cache.key").symlink_to(tmp_path / "elsewhere")
    assert cache_key({"XDG_STATE_HOME": str(tmp_path)}) is None


def test_a_key_in_the_examined_repository_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    assert cache_key({"XDG_STATE_HOME": str(tmp_path / "state")}) is None


def test_where_no_key_can_be_kept_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert cache_key({"XDG_STATE_HOME": str(tmp_path / "file")}) is None


def test_a_key_of_the_environment_stands_in() -> None:
    given = {"SERVANDA_CACHE_KEY": "x" * 64}
    assert cache_key(given) == cache_key(given)
    assert cache_key(given) != cache_key({"SERVANDA_CACHE_KEY": "y" * 64})


def test_a_short_key_of_the_environment_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="has 8 characters, expected at least 32") as caught:
        cache_key({"SERVANDA_CACHE_KEY": "password"})
    assert "password" not in str(caught.value)
