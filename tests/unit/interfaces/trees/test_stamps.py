"""What is known of files without reading them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.interfaces.storage import Storage
from servanda.interfaces.trees import FolderTree
from servanda.interfaces.trees.stamps import Stamps

SECOND = 1_000_000_000


class Notes:
    """Notes about one file, taken some seconds after it was last touched."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "w" / "a.proto"
        self.cache = folder / "cache"
        self.file.parent.mkdir()
        self.file.write_text("old", encoding="utf-8")

    def digest(self, seconds_later: int = 60) -> str:
        status = self.file.stat()
        stamps = Stamps(Storage(self.cache), self.file.parent, status.st_ctime_ns + seconds_later * SECOND)
        found = stamps.digest("a.proto", status, str(self.file))
        stamps.keep()
        return found


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    """A file of which nothing is noted yet."""
    return Notes(tmp_path)


def overwrite(file: Path) -> None:
    file.write_text("new", encoding="utf-8")


def lengthen(file: Path) -> None:
    file.write_text("older", encoding="utf-8")


def backdate(file: Path) -> None:
    before = file.stat()
    overwrite(file)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def exchange(file: Path) -> None:
    other = file.with_name("other")
    overwrite(other)
    other.replace(file)


def test_a_file_that_nobody_touched_is_not_read_again(notes: Notes) -> None:
    before = notes.digest()
    status = notes.file.stat()

    stamps = Stamps(Storage(notes.cache), notes.file.parent)

    assert stamps.digest("a.proto", status, "nowhere") == before


@pytest.mark.parametrize("touch", [overwrite, lengthen, backdate, exchange], ids=lambda touch: touch.__name__)
def test_a_file_that_changed_is_read_again(notes: Notes, touch: Callable[[Path], None]) -> None:
    before = notes.digest()

    touch(notes.file)

    assert notes.digest() != before


def test_a_file_that_could_have_changed_within_the_tick_is_read_again(notes: Notes) -> None:
    before, status = notes.digest(seconds_later=1), notes.file.stat()

    overwrite(notes.file)

    assert Stamps(Storage(notes.cache), notes.file.parent).digest("a.proto", status, str(notes.file)) != before


def test_what_damaged_notes_say_is_not_believed(notes: Notes) -> None:
    before = notes.digest()
    [note] = notes.cache.iterdir()
    note.write_bytes(note.read_bytes().replace(before.encode(), b"0" * 40))

    assert notes.digest() == before


def test_a_folder_shows_its_files_before_those_of_folders_in_it_and_nothing_of_git(tmp_path: Path) -> None:
    for path in ("w/b.proto", "w/a/a.proto", "w/a/b/c.proto", "w/.git/x.proto", "w/a/readme.md"):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path, encoding="utf-8")
    tree, storage = FolderTree(tmp_path, tmp_path), Storage(tmp_path / "cache")

    assert list(tree.protos("w", storage)) == ["w/b.proto", "w/a/a.proto", "w/a/b/c.proto"]
    assert set(tree.protos("w/a", storage)) == {"w/a/a.proto", "w/a/b/c.proto"}
