"""The folder that keepers of stores and their users share."""

from pathlib import Path

from filelock import FileLock

from servanda.infra.keeper import StoreUser, _listed, known


def test_the_last_keeper_removes_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "stores"
    folder.mkdir()
    with _listed(folder, "one"):
        assert folder.exists()
    assert not folder.exists()


def test_a_keeper_leaves_the_folder_to_who_still_uses_it(tmp_path: Path) -> None:
    with FileLock(tmp_path / "user-1.lock"):
        with _listed(tmp_path, "one"):
            (tmp_path / "redis.error.json").touch()
        assert (tmp_path / "redis.error.json").exists()


def test_a_keeper_leaves_the_folder_to_other_keepers(tmp_path: Path) -> None:
    with FileLock(tmp_path / "keeper-two.lock"):
        with _listed(tmp_path, "one"):
            pass
        assert tmp_path.exists()


def test_who_never_asks_makes_no_folder(tmp_path: Path) -> None:
    with StoreUser(tmp_path / "stores") as user:
        assert not known(user.folder).stores
        assert not user.folder.exists()
