import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.cache import clear
from servanda.infra.cache import copy_folder, prepared, run_folder


def _write(folder: Path) -> None:
    (folder / "content").write_text("built")


def test_an_entry_is_built_once(tmp_path: Path) -> None:
    built: list[Path] = []
    for _ in range(2):
        with prepared(tmp_path, "entry", built.append) as entry:
            assert built == [entry]


def test_a_failed_build_leaves_nothing_and_can_be_repeated(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        _write(folder)
        raise RuntimeError("no")

    with pytest.raises(RuntimeError), prepared(tmp_path, "entry", fail):
        pass
    assert not (tmp_path / "entry").exists()
    with prepared(tmp_path, "entry", _write) as entry:
        assert (entry / "content").read_text() == "built"


def test_an_entry_that_was_not_finished_is_built_again(tmp_path: Path) -> None:
    (tmp_path / "entry").mkdir()
    (tmp_path / "entry" / "half").touch()
    with prepared(tmp_path, "entry", _write) as entry:
        assert [path.name for path in entry.iterdir()] == ["content"]


def _forge_seal(cache: Path) -> None:
    theirs = cache / "theirs"
    with prepared(theirs, "entry", _write, {"SERVANDA_CACHE_KEY": "their key, which is not ours, of course"}):
        pass
    (cache / "entry.seal").write_bytes((theirs / "entry.seal").read_bytes())


def _replace_by_link(cache: Path) -> None:
    (cache / "entry").rename(cache / "elsewhere")
    (cache / "entry").symlink_to(cache / "elsewhere")


@pytest.mark.parametrize(
    "tamper",
    [
        pytest.param(lambda cache: (cache / "entry" / "content").write_text("forged"), id="another content"),
        pytest.param(lambda cache: (cache / "entry" / "more").touch(), id="one file more"),
        pytest.param(lambda cache: (cache / "entry.seal").unlink(), id="no seal"),
        pytest.param(lambda cache: (cache / "entry.seal").write_bytes(b""), id="an empty seal"),
        pytest.param(_forge_seal, id="the seal of another key"),
        pytest.param(_replace_by_link, id="a link"),
    ],
)
def test_an_entry_that_is_not_as_it_was_built_is_built_again(tmp_path: Path, tamper: Callable[[Path], object]) -> None:
    with prepared(tmp_path, "entry", _write):
        pass
    tamper(tmp_path)
    built: list[Path] = []

    def build(folder: Path) -> None:
        built.append(folder)
        _write(folder)

    for _ in range(2):
        with prepared(tmp_path, "entry", build):
            pass
    assert built == [tmp_path / "entry"]
    assert [path.name for path in (tmp_path / "entry").iterdir()] == ["content"]
    assert not (tmp_path / "entry").is_symlink()


def test_entries_and_the_cache_are_private(tmp_path: Path) -> None:
    with prepared(tmp_path / "cache", "entry", _write) as entry:
        pass
    assert {entry.stat().st_mode & 0o777, entry.parent.stat().st_mode & 0o777} == {0o700}


def test_of_many_processes_one_builds(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from servanda.infra.cache import prepared\n"
        "def build(folder):\n"
        "    with open(folder.parent / 'builds', 'a') as log: log.write(f'{os.getpid()}\\n')\n"
        f"with prepared(Path({str(tmp_path)!r}), 'entry', build): pass"
    )
    processes = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert len((tmp_path / "builds").read_text().splitlines()) == 1


def test_an_entry_is_not_removed_while_it_is_used(tmp_path: Path) -> None:
    with prepared(tmp_path, "entry", _write) as entry:
        assert [[each.path for each in group] for group in clear(tmp_path)] == [[], [entry]]
        assert (entry / "content").exists()
    assert [[each.path for each in group] for group in clear(tmp_path)] == [[entry], []]
    assert list(tmp_path.iterdir()) == []


def test_a_copy_is_complete(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "deep").mkdir(parents=True)
    (source / "deep" / "file").write_text("x")
    copy_folder(source, tmp_path / "target")
    assert (tmp_path / "target" / "deep" / "file").read_text() == "x"


def test_a_run_folder_is_private() -> None:
    folder = run_folder("test")
    try:
        assert folder.stat().st_mode & 0o077 == 0
    finally:
        folder.rmdir()
