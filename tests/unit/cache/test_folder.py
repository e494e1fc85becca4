"""Where the cache lies, and which folders are refused."""

import os
from pathlib import Path

import pytest

from servanda.cache import cache_folder
from servanda.errors import ConfigurationError


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, in a folder of which this process works."""
    folder = tmp_path / "repository"
    (folder / ".git").mkdir(parents=True)
    (folder / "deep").mkdir()
    monkeypatch.chdir(folder / "deep")
    return folder


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"SERVANDA_CACHE": "/a", "XDG_CACHE_HOME": "/b"}, Path("/a")),
        ({"XDG_CACHE_HOME": "/b"}, Path("/b/servanda")),
        ({"XDG_CACHE_HOME": "b"}, Path("~/.cache/servanda").expanduser()),
        ({}, Path("~/.cache/servanda").expanduser()),
    ],
    ids=["told", "by the desktop standard", "relative", "by default"],
)
def test_where_the_cache_lies(environ: dict[str, str], expected: Path) -> None:
    assert cache_folder(environ) == expected


@pytest.mark.parametrize("given", ["cache", "../cache", "{repository}/deep/cache"])
def test_a_cache_in_the_repository_is_refused(repository: Path, given: str) -> None:
    with pytest.raises(ConfigurationError, match="inside the examined repository") as caught:
        cache_folder({"SERVANDA_CACHE": given.format(repository=repository)})
    assert "SERVANDA_CACHE" in str(caught.value.hint)


def test_a_link_into_the_repository_is_refused(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(repository)
    with pytest.raises(ConfigurationError, match="inside the examined repository"):
        cache_folder({"SERVANDA_CACHE": str(tmp_path / "link" / "cache")})


def test_a_cache_beside_the_repository_is_accepted(repository: Path, tmp_path: Path) -> None:
    assert cache_folder({"SERVANDA_CACHE": "../../cache"}).resolve() == tmp_path / "cache"


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702, 0o1777])
def test_a_cache_that_others_can_write_to_is_refused(tmp_path: Path, mode: int) -> None:
    tmp_path.chmod(mode)
    with pytest.raises(ConfigurationError, match=f"{mode:04o}, expected 0700") as caught:
        cache_folder({"SERVANDA_CACHE": str(tmp_path)})
    assert "chmod 700" in str(caught.value.hint)


def test_a_cache_that_others_can_read_becomes_private(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert cache_folder({"SERVANDA_CACHE": str(tmp_path)}).stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_cache_of_another_user_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, 65534)
    with pytest.raises(ConfigurationError, match="belongs to user 65534, expected the current user 0"):
        cache_folder({"SERVANDA_CACHE": str(tmp_path)})


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make links of somebody else")
@pytest.mark.parametrize("below", ["", "/servanda"], ids=["the cache", "a folder above"])
def test_nobody_else_chooses_the_folder_by_a_link(tmp_path: Path, below: str) -> None:
    own, link = tmp_path / "own", tmp_path / "link"
    own.mkdir(mode=0o755)
    link.symlink_to(own)
    os.chown(link, 65534, 65534, follow_symlinks=False)
    with pytest.raises(ConfigurationError, match="belongs to user 65534"):
        cache_folder({"SERVANDA_CACHE": f"{link}{below}"})
    assert own.stat().st_mode & 0o777 == 0o755


def test_a_link_of_this_user_is_followed(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "own")
    assert cache_folder({"SERVANDA_CACHE": str(tmp_path / "link")}) == tmp_path / "link"
