"""No change takes an interface out of the check by what it configures, moves or deletes."""

import datetime as dt
import json
import subprocess
from pathlib import Path

import pytest

from servanda.checking.check import check
from servanda.checking.kinds import kinds
from servanda.configuration import load
from servanda.errors import ConfigurationError, InterfaceError
from servanda.interfaces.kind import Context
from servanda.policy.waiving import Request, add
from servanda.verdict import Finding, Severity

ORDER = 'syntax = "proto3";\npackage shop.v1;\nmessage Order { string id = 1; int32 n = 2; }\n'
LESS = ORDER.replace(" int32 n = 2;", "")
DOCUMENT = {"openapi": "3.1.0", "info": {"title": "shop", "version": "1"}, "paths": {"/orders": {}}}
WITHOUT = json.dumps({**DOCUMENT, "paths": {}})
SERVICE = '[services.shop]\ncommand = ["true"]\n'
BEFORE = {
    "servanda.toml": f'{SERVICE}openapi = "api/shop.json"\n',
    "api/shop.json": json.dumps(DOCUMENT),
    "proto/shop/v1/order.proto": ORDER,
}
TODAY = dt.date(2026, 11, 29)


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def change(folder: Path, files: dict[str, str | None]) -> None:
    """Write files; without a content they go."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            (folder / name).unlink()
        else:
            (folder / name).write_text(text, encoding="utf-8")
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and ".git" not in path.parts and not any(path.iterdir()):
            path.rmdir()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a commit on ``main``."""
    change(tmp_path, dict(BEFORE))
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    return tmp_path


def found(folder: Path, against: str | None = None) -> list[tuple[str, str]]:
    return [(each.rule, each.element) for each in findings(folder, against)]


def findings(folder: Path, against: str | None = None) -> tuple[Finding, ...]:
    file = folder / "servanda.toml"
    context = Context(folder, folder.parent / "cache", TODAY, load(file) if file.exists() else None)
    checked = check(None, against, context, kinds()).stage.findings
    return tuple(each for each in checked if each.severity is not Severity.WARNING)


FIELD = ("FIELD_NO_DELETE", "shop.v1.Order.n")
PATH = ("OPENAPI_PATH_NO_DELETE", "#/paths/~1orders")
GONE_DOCUMENT, GONE_PROTOS = ("INTERFACE_NO_DELETE", "api/shop.json"), ("INTERFACE_NO_DELETE", "proto")
OTHER_ROOT = f'{BEFORE["servanda.toml"]}[interfaces]\nroot = "definitions"\n'


@pytest.mark.parametrize("against", [None, ".git#branch=main"])
@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param({"proto/shop/v1/order.proto": None}, [GONE_PROTOS], id="protos deleted"),
        pytest.param({"servanda.toml": SERVICE, "api/shop.json": WITHOUT}, [PATH], id="document not configured"),
        pytest.param({"servanda.toml": SERVICE, "api/shop.json": None}, [GONE_DOCUMENT], id="document deleted"),
        pytest.param(
            {"servanda.toml": f'{SERVICE}openapi = "b.json"\n', "api/shop.json": None, "b.json": WITHOUT},
            [PATH],
            id="document moved",
        ),
        pytest.param(
            {"servanda.toml": OTHER_ROOT, "proto/shop/v1/order.proto": None, "definitions/shop/v1/order.proto": LESS},
            [FIELD],
            id="protos moved",
        ),
        pytest.param(
            {"servanda.toml": OTHER_ROOT, "definitions/shop/v1/order.proto": LESS}, [FIELD], id="protos copied"
        ),
    ],
)
def test_what_the_base_is_configured_with_is_examined(
    repository: Path, files: dict[str, str | None], expected: list[tuple[str, str]], against: str | None
) -> None:
    change(repository, files)

    assert found(repository, against) == expected


def test_what_moved_and_did_not_change_breaks_nothing(repository: Path) -> None:
    change(repository, {"servanda.toml": OTHER_ROOT, "proto/shop/v1/order.proto": None})
    change(repository, {"definitions/shop/v1/order.proto": ORDER})

    assert found(repository) == []


def test_an_interface_that_is_gone_can_be_waived(repository: Path) -> None:
    change(repository, {"servanda.toml": SERVICE, "api/shop.json": None})
    request = Request("unused", "me", dt.date(2027, 1, 1), rule="INTERFACE_NO_DELETE", element="api/shop.json")
    add(repository / "contracts/waivers.toml", request)

    assert [each.severity for each in findings(repository)] == [Severity.WAIVED]


def test_a_change_cannot_delete_the_configuration(repository: Path) -> None:
    change(repository, {"servanda.toml": None, "api/shop.json": WITHOUT})

    with pytest.raises(ConfigurationError, match="the configuration file of the base commit does not exist"):
        found(repository)


def test_the_configuration_may_move_into_the_project_file(repository: Path) -> None:
    text = BEFORE["servanda.toml"].replace("[services", "[tool.servanda.services")
    change(repository, {"servanda.toml": None, "pyproject.toml": text, "api/shop.json": WITHOUT})
    context = Context(repository, repository / ".cache", TODAY, load(repository / "pyproject.toml"))

    assert [each.rule for each in check(None, None, context, kinds()).stage.findings] == ["OPENAPI_PATH_NO_DELETE"]


def test_a_configuration_that_could_not_be_read_before_takes_nothing_away(repository: Path) -> None:
    change(repository, {"servanda.toml": "no TOML"})
    git(repository, "commit", "-q", "-a", "-m", "broken")
    change(repository, {"servanda.toml": BEFORE["servanda.toml"], "api/shop.json": WITHOUT})

    assert found(repository) == [PATH]


@pytest.mark.parametrize("folder", ["proto", "api"])
def test_a_folder_that_became_a_link_is_compared_with_the_folder_of_that_name(repository: Path, folder: str) -> None:
    change(repository, {"api/shop.json": WITHOUT, "proto/shop/v1/order.proto": LESS})
    (repository / folder).rename(repository / "elsewhere")
    (repository / folder).symlink_to("elsewhere")

    assert sorted(found(repository)) == [FIELD, PATH]


@pytest.mark.parametrize("name", [".git#branch=main,subdir=proto", "git@localhost:x.git", "a.zip", "b.json#format=dir"])
def test_the_name_of_a_configured_folder_is_no_syntax(repository: Path, name: str) -> None:
    text = f'{BEFORE["servanda.toml"]}[interfaces]\nroot = "{name}"\n'
    change(repository, {"servanda.toml": text, f"{name}/shop/v1/order.proto": LESS})

    assert found(repository) == [FIELD]


@pytest.mark.parametrize("place", ["proto", "proto/inner"])
def test_protos_in_a_submodule_do_not_count_as_new(tmp_path: Path, place: str) -> None:
    other, repository = tmp_path / "other", tmp_path / "repository"
    change(other, {"order.proto": ORDER})
    change(repository, {"servanda.toml": "", "proto/a.proto" if place != "proto" else "README": ORDER})
    for folder in (other, repository):
        git(folder, "init", "-q", "-b", "main")
        if folder == repository:
            git(folder, "submodule", "add", "-q", str(other), place)
        git(folder, "add", ".")
        git(folder, "commit", "-q", "-m", "first")
    change(repository, {f"{place}/order.proto": LESS})

    with pytest.raises(InterfaceError, match="is a submodule") as caught:
        found(repository)

    assert caught.value.where == place
