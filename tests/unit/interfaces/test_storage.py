"""What is kept to be made again less often."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.interfaces.storage import Storage


def content(storage: Storage, name: str) -> bytes | None:
    found = storage.read(name)
    return bytes(found) if found is not None else None


def test_what_was_written_is_read(tmp_path: Path) -> None:
    Storage(tmp_path / "new").write("a.image", b"one", b"two")

    assert content(Storage(tmp_path / "new"), "a.image") == b"onetwo"


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(lambda content: content[:-1], id="cut off"),
        pytest.param(lambda content: content + b"x", id="too long"),
        pytest.param(lambda content: content[:-1] + b"x", id="another byte"),
        pytest.param(lambda content: b"servanda 1" + content[8:], id="of another version"),
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: b"\x00\xff garbage", id="foreign"),
    ],
)
def test_what_is_damaged_or_foreign_is_not_read(tmp_path: Path, damaged: Callable[[bytes], bytes]) -> None:
    storage, file = Storage(tmp_path), tmp_path / "a.image"
    storage.write("a.image", b"content")

    file.write_bytes(damaged(file.read_bytes()))

    assert storage.read("a.image") is None


def test_what_was_damaged_can_be_written_again(tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    (tmp_path / "a.image").write_bytes(b"garbage")

    storage.write("a.image", b"content")

    assert content(storage, "a.image") == b"content"


def test_of_each_kind_only_so_much_is_kept_and_what_was_asked_for_stays(tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    storage.write("other.stamps", b"")
    for number in range(40):
        storage.write(f"{number}.image", b"")
        storage.read("0.image")

    assert len(list(tmp_path.glob("*.image"))) == 32
    assert content(storage, "0.image") == b""
    assert content(storage, "other.stamps") == b""


def forged(tmp_path: Path, name: str) -> bytes:
    """A content as somebody else's suite wrote it."""
    theirs = {"SERVANDA_CACHE_KEY": "their key, which is not ours, of course"}
    Storage(tmp_path / "theirs", theirs).write(name, b"forged")
    return (tmp_path / "theirs" / name).read_bytes()


def test_what_somebody_else_wrote_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.image").write_bytes(forged(tmp_path, "a.image"))

    assert Storage(tmp_path).read("a.image") is None


def test_a_content_does_not_stand_in_for_another(tmp_path: Path) -> None:
    Storage(tmp_path).write("a.image", b"content")
    (tmp_path / "a.image").rename(tmp_path / "b.image")

    assert Storage(tmp_path).read("b.image") is None


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    Storage(tmp_path / "elsewhere").write("a.image", b"content")
    (tmp_path / "a.image").symlink_to(tmp_path / "elsewhere" / "a.image")

    assert Storage(tmp_path).read("a.image") is None


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.image")

    assert Storage(tmp_path).read("a.image") is None


def test_without_a_key_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    storage = Storage(tmp_path, {"XDG_STATE_HOME": str(tmp_path / "file")})
    storage.write("a.image", b"content")

    assert storage.read("a.image") is None
    assert not (tmp_path / "a.image").exists()


def test_the_folder_is_private(tmp_path: Path) -> None:
    Storage(tmp_path / "new").write("a.image", b"content")

    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
