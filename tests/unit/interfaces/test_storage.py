"""What is kept to be made again less often."""

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
