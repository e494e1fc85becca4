"""``servanda release`` as somebody types it: what it keeps is what ``servanda check`` examines."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from servanda.cli import main
from servanda.interfaces.protobuf.inputs import Opener

BUF = """version: v2
modules:
  - path: base
  - path: shop
    excludes: [shop/drafts]
"""
MONEY = 'syntax = "proto3";\npackage money.v1;\nmessage Money {\n  int64 units = 1;\n  string currency = 2;\n}\n'
ORDER = """syntax = "proto3";
package shop.v1;
import "google/api/annotations.proto";
import "money/v1/money.proto";
message Order {
  string id = 1;
  money.v1.Money price = 2;
}
"""
NOT_YET_PROTO = 'syntax = "proto3";\nmessage {\n'


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, whose interfaces are two modules, one with a folder that does not belong to it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERVANDA_CACHE", str(tmp_path / "cache"))
    files = {
        "servanda.toml": "",
        "proto/buf.yaml": BUF,
        "proto/base/money/v1/money.proto": MONEY,
        "proto/shop/shop/v1/order.proto": ORDER,
        "proto/shop/drafts/draft.proto": NOT_YET_PROTO,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def servanda(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def released(folder: Path, version: str = "1.0.0") -> Path:
    ran = servanda("release", version)
    assert ran.exit_code == 0, ran.stderr
    return folder / "contracts" / "releases" / f"{version}.binpb"


def test_the_files_of_all_modules_are_kept_without_what_is_excluded(workspace: Path) -> None:
    image = Opener(workspace, workspace / "cache").open(str(released(workspace)))

    assert set(image.state.files) == {"money/v1/money.proto", "shop/v1/order.proto"}


def test_what_no_module_holds_is_kept_as_an_import(workspace: Path) -> None:
    image = Opener(workspace, workspace / "cache").open(str(released(workspace)))

    assert "google/api/annotations.proto" in image.state.imports


def test_unchanged_interfaces_hold_against_what_was_released(workspace: Path) -> None:
    released(workspace)

    ran = servanda("check", "--against", "released")

    assert (ran.exit_code, ran.stdout) == (0, "proto against released: no breaking changes\n")


@pytest.mark.parametrize(
    ("file", "line"),
    [
        pytest.param("proto/base/money/v1/money.proto", "  string currency = 2;\n", id="first module"),
        pytest.param("proto/shop/shop/v1/order.proto", "  money.v1.Money price = 2;\n", id="second module"),
    ],
)
def test_a_break_in_any_module_is_found_where_it_is_written(workspace: Path, file: str, line: str) -> None:
    released(workspace)
    edited = workspace / file
    edited.write_text(edited.read_text(encoding="utf-8").replace(line, ""), encoding="utf-8")

    ran = servanda("check", "--against", "released")

    assert ran.exit_code == 1
    assert ran.stdout.startswith(f"{file}:")
    assert " FIELD_NO_DELETE " in ran.stdout


def test_what_was_compiled_before_does_not_change_the_bytes(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order = workspace / "proto" / "shop" / "shop" / "v1" / "order.proto"
    order.write_text(ORDER.replace("id = 1", "name = 1"), encoding="utf-8")
    servanda("check", "--against", "proto")
    order.write_text(ORDER, encoding="utf-8")
    after_another = released(workspace).read_bytes()

    monkeypatch.setenv("SERVANDA_CACHE", str(workspace / "empty"))

    assert released(workspace, "1.0.1").read_bytes() == after_another


def test_what_does_not_compile_is_told_with_its_place(workspace: Path) -> None:
    (workspace / "proto" / "shop" / "shop" / "v1" / "order.proto").write_text(NOT_YET_PROTO, encoding="utf-8")

    ran = servanda("release", "1.0.0")

    assert ran.exit_code == 2
    assert "proto/shop/shop/v1/order.proto:2:9" in ran.stderr
    assert not (workspace / "contracts").exists()


def test_a_folder_of_releases_that_cannot_be_made_is_told(workspace: Path) -> None:
    (workspace / "contracts").touch()

    ran = CliRunner().invoke(main, ["release", "1.0.0"])

    assert (ran.exit_code, ran.stderr.splitlines()[0]) == (2, "error: cannot be written: Not a directory")


def edited(workspace: Path, old: str, new: str) -> None:
    file = workspace / "proto/base/money/v1/money.proto"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "version", "is_allowed"),
    [
        ("1.2.0", "1.2.1", False),
        ("1.2.0", "1.3.0", False),
        ("1.2.0", "2.0.0", True),
        ("1.2.0", "2.0.0-rc.1", True),
        ("0.2.0", "0.2.1", False),
        ("0.2.0", "0.3.0", True),
    ],
)
def test_a_break_asks_for_a_version_that_says_so(workspace: Path, before: str, version: str, is_allowed: bool) -> None:
    released(workspace, before)
    edited(workspace, "  string currency = 2;\n", "")

    ran = servanda("release", version)

    assert (ran.exit_code == 0) is is_allowed, ran.stderr
    assert is_allowed or "--any-version" in ran.stderr


@pytest.mark.parametrize(("version", "is_allowed"), [("1.2.1", False), ("1.3.0", True), ("2.0.0", True)])
def test_an_addition_asks_for_a_minor_version(workspace: Path, version: str, is_allowed: bool) -> None:
    released(workspace, "1.2.0")
    edited(workspace, "  string currency = 2;\n", "  string currency = 2;\n  int32 nanos = 3;\n")

    assert (servanda("release", version).exit_code == 0) is is_allowed


def test_any_version_is_released_if_somebody_says_so(workspace: Path) -> None:
    released(workspace, "1.2.0")
    edited(workspace, "  string currency = 2;\n", "")

    assert servanda("release", "1.2.1", "--any-version").exit_code == 0
