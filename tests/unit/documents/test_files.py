"""Only regular files are read, up to a limit."""

import os
from pathlib import Path

import pytest

from servanda.documents import DocumentLimits, Reader
from servanda.errors import InterfaceError

READER = Reader(InterfaceError, DocumentLimits(size=100))


def refused(path: Path) -> str:
    with pytest.raises(InterfaceError) as caught:
        READER.read(path, "a.yaml")
    return caught.value.what


def test_a_file_is_read_up_to_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text("9" * 100)
    assert READER.read(file).value
    file.write_text("9" * 101)
    assert refused(file) == "larger than the limit of 100 bytes"


def test_a_folder_is_no_document(tmp_path: Path) -> None:
    assert refused(tmp_path) == "expected a file, found a folder"


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe") == "expected a file, found a named pipe"


def test_a_device_behind_a_link_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/dev/zero")
    assert refused(tmp_path / "link") == "expected a file, found a device"


def test_a_file_without_a_size_ends_at_the_limit() -> None:
    assert refused(Path("/proc/self/smaps")) == "larger than the limit of 100 bytes"


@pytest.mark.parametrize("name", ["absent", "file/below", "a\0b", "x" * 5000])
def test_what_is_not_there_is_an_error(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert refused(tmp_path / name).startswith("cannot be read: ")
