"""``servanda check`` as somebody types it."""

import gc
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from servanda.cli import main
from servanda.report.formats import FORMATS

ORDER = 'syntax = "proto3";\npackage shop.v1;\nmessage Order { string id = 1; int32 n = 2; }\n'
EDITED = ORDER.replace(" int32 n = 2;", "")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with two states of an interface."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERVANDA_CACHE", str(tmp_path / "cache"))
    for name, text in {"old": ORDER, "new": EDITED, "proto": EDITED}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "shop.proto").write_text(text, encoding="utf-8")
    return tmp_path


def servanda(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_a_break_is_told_with_its_place_and_answers_1(folder: Path) -> None:
    ran = servanda("check", "new", "--against", "old")

    assert ran.exit_code == 1
    assert ran.stdout.startswith(
        "new/shop.proto:3:1: error: shop.v1.Order.n\n  FIELD_NO_DELETE Field 'n' (2) was deleted. ["
    )


def test_no_break_answers_0(folder: Path) -> None:
    assert servanda("check", "old", "--against", "old").exit_code == 0


def test_two_folders_are_compared_without_what_only_other_inputs_need(folder: Path) -> None:
    code = "import sys, atexit; from servanda.cli import main; atexit.register(lambda: print(*sys.modules)); main()"
    command = [sys.executable, "-c", code, "check", "new", "--against", "old"]

    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    loaded = set(ran.stdout.splitlines()[-1].split())
    assert "servanda.interfaces.protobuf.comparison" in loaded
    assert not {"asyncio", "difflib", "importlib.metadata", "protovalidate", "semver", "tarfile", "zipfile"} & loaded
    assert not {"servanda.pact", "servanda.interfaces.openapi.rules", "servanda.interfaces.protobuf.usage"} & loaded


def test_the_same_input_gives_the_same_bytes(folder: Path) -> None:
    commands = ("check", "new", "--against", "old", "--format", "json")

    assert servanda(*commands).stdout == servanda(*commands).stdout


def test_programs_read_json(folder: Path) -> None:
    document = json.loads(servanda("check", "new", "--against", "old", "--format", "json").stdout)

    assert "FIELD_NO_DELETE" in {finding["rule"] for finding in document["findings"]}
    assert (document["input"], document["base"]) == ("new", "old")


def test_the_newest_release_is_the_base_if_nobody_names_one(folder: Path) -> None:
    (folder / "servanda.toml").write_text('[interfaces]\nroot = "old"\n', encoding="utf-8")
    assert servanda("release", "1.0.0").exit_code == 0

    assert servanda("check").exit_code == 0
    assert servanda("check", "new").exit_code == 1


@pytest.mark.parametrize(
    ("version", "part"),
    [pytest.param("1.0.0", "major", id="stable"), pytest.param("0.3.0", "minor", id="initial development")],
)
def test_what_a_break_raises_depends_on_the_released_version(folder: Path, version: str, part: str) -> None:
    (folder / "servanda.toml").write_text('[interfaces]\nroot = "old"\n', encoding="utf-8")
    servanda("release", version)

    assert f"version: raise the {part} part" in servanda("check", "new").stdout.splitlines()


def test_all_releases_are_the_base_if_somebody_asks(folder: Path) -> None:
    (folder / "servanda.toml").write_text("", encoding="utf-8")
    source = folder / "proto" / "shop.proto"
    for version, text in {"1.0.0": ORDER, "2.0.0": EDITED}.items():
        source.write_text(text, encoding="utf-8")
        assert servanda("release", version).exit_code == 0

    assert servanda("check").exit_code == 0
    assert servanda("check", "--against", "released").exit_code == 1


def test_every_format_is_written_to_a_folder_if_somebody_asks(folder: Path) -> None:
    servanda("check", "new", "--against", "old", "--report", "report")

    written = {file.name for file in (folder / "report").iterdir()}
    assert written == {".gitignore", *(row.file for row in FORMATS.values())}


def test_a_repository_that_is_dirty_already_starts_with_a_baseline(folder: Path) -> None:
    (folder / "servanda.toml").write_text("", encoding="utf-8")
    commands = ("check", "new", "--against", "old")
    assert servanda(*commands).exit_code == 1

    assert servanda(*commands, "--baseline", "write").exit_code == 0
    assert servanda(*commands).exit_code == 0

    assert servanda(*commands, "--baseline", "write").exit_code == 0
    assert servanda(*commands).exit_code == 0


def test_what_is_not_found_any_more_leaves_the_baseline(folder: Path) -> None:
    (folder / "servanda.toml").write_text("", encoding="utf-8")
    servanda("check", "new", "--against", "old", "--baseline", "write")

    servanda("check", "old", "--against", "old", "--baseline", "prune")

    assert servanda("check", "new", "--against", "old").exit_code == 1


def test_without_any_base_everything_is_new(folder: Path) -> None:
    ran = servanda("check", "new")

    assert ran.exit_code == 0
    assert "nothing to compare with" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(("none", "--against", "old"), "there is no such folder", id="input"),
        pytest.param(("new", "--against", "none"), "there is no such folder", id="base"),
        pytest.param(("new", "--against", ".git#branch=main"), "no git repository", id="git"),
        pytest.param(("new", "--against", "released"), "folder of released images unknown", id="releases"),
    ],
)
def test_what_cannot_be_compared_answers_2(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    ran = servanda("check", *arguments)

    assert ran.exit_code == 2
    assert message in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""


def test_a_proto_that_does_not_compile_answers_2_with_its_place(folder: Path) -> None:
    (folder / "new" / "shop.proto").write_text('syntax = "proto3";\nmessage {\n', encoding="utf-8")

    ran = servanda("check", "new", "--against", "old")

    assert ran.exit_code == 2
    assert "at new/shop.proto:2:9" in ran.stderr


def test_a_released_folder_without_releases_is_no_base(folder: Path) -> None:
    (folder / "servanda.toml").write_text("", encoding="utf-8")

    ran = servanda("check", "--against", "released")

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "nothing released yet" in ran.stderr


def test_it_runs_as_a_program(folder: Path) -> None:
    command = [sys.executable, "-m", "servanda", "check", "new", "--against", "old"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)

    assert ran.returncode == 1, ran.stderr


def test_a_check_leaves_the_collection_of_garbage_as_it_was(folder: Path) -> None:
    assert gc.isenabled()

    servanda("check", "new", "--against", "old")

    assert gc.isenabled()


def test_a_damaged_cache_changes_nothing_but_the_time(folder: Path) -> None:
    before = servanda("check", "new", "--against", "old", "--format", "json")
    for file in (folder / "cache").iterdir():
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    after = servanda("check", "new", "--against", "old", "--format", "json")

    assert (after.exit_code, after.stdout) == (before.exit_code, before.stdout)


def test_an_entry_of_the_cache_does_not_stand_in_for_another(folder: Path) -> None:
    assert servanda("check", "new", "--against", "old").exit_code == 1
    first, second = (folder / "cache").glob("*.image")
    first.write_bytes(second.read_bytes())

    assert servanda("check", "new", "--against", "old").exit_code == 1


def test_a_cache_in_the_examined_repository_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".git").mkdir()
    monkeypatch.setenv("SERVANDA_CACHE", "new/cache")

    ran = servanda("check", "new", "--against", "old")

    assert ran.exit_code == 2
    assert "inside the examined repository" in ran.stderr


def test_a_cache_that_others_can_write_to_is_refused(folder: Path) -> None:
    (folder / "cache").mkdir()
    (folder / "cache").chmod(0o777)

    ran = servanda("check", "new", "--against", "old")

    assert ran.exit_code == 2
    assert "chmod 700" in ran.stderr


def test_a_check_that_cannot_tell_leaves_no_report_of_an_earlier_one(folder: Path) -> None:
    (folder / "report").mkdir()
    (folder / "report" / "verdict.md").write_text("nothing breaks", encoding="utf-8")
    (folder / "report" / "mine.md").write_text("kept", encoding="utf-8")

    ran = servanda("check", "new", "--against", "none", "--report", "report")

    assert ran.exit_code == 2
    assert [path.name for path in (folder / "report").iterdir()] == ["mine.md"]
