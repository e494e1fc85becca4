"""The lock of who starts stores that others share."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from servanda.infra.keeper import _starting


def test_a_folder_that_the_last_keeper_removes_meanwhile_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "stores"
    over = threading.Event()

    def remove() -> None:
        while not over.is_set():
            shutil.rmtree(folder, ignore_errors=True)

    keeper = threading.Thread(target=remove)
    keeper.start()
    try:
        for _ in range(50):
            with _starting(folder):
                pass
    finally:
        over.set()
        keeper.join()


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "stores").touch()

    with pytest.raises(FileExistsError, match="stores"), _starting(tmp_path / "stores"):
        pass
