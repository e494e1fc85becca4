"""OpenAPI documents as inputs, from the working tree and from commits."""

import pytest
from click.testing import CliRunner

from servanda.cli.check import command
from servanda.errors import InterfaceError
from servanda.interfaces.openapi.claim import is_document
from servanda.interfaces.openapi.inputs import open_base
from tests.unit.interfaces.conftest import Desk

SHOP = "openapi: 3.1.0\npaths:\n  /orders:\n    get: {responses: {}}\n"
WITHOUT_ORDERS = "openapi: 3.1.0\npaths: {}\n"


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """A git repository: on ``main`` a shop has orders, in the working tree on ``feature`` it has none."""
    desk.git("init", "--quiet")
    desk.write({"api/shop.yaml": SHOP})
    desk.commit("one")
    desk.git("switch", "--quiet", "--create", "feature")
    desk.write({"api/shop.yaml": WITHOUT_ORDERS})
    return desk


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        pytest.param("a.yaml", SHOP, True, id="YAML"),
        pytest.param("a.json", '{"openapi":"3.1.0"}', True, id="JSON"),
        pytest.param(
            "a.json", '{\n  "info": {},\n  "openapi": "3.1.0"\n}', True, id="JSON with the version further down"
        ),
        pytest.param("a.yml", "swagger: '2.0'", True, id="a version that is refused later"),
        pytest.param("a.json", '{"file": [{"name": "openapi.proto"}]}', False, id="an image"),
        pytest.param("buf.yaml", "version: v2", False, id="another YAML file"),
        pytest.param("a.proto", SHOP, False, id="another kind of file"),
    ],
)
def test_a_document_is_known_by_what_it_says(desk: Desk, name: str, content: str, expected: bool) -> None:
    desk.write({name: content})

    assert is_document(desk.folder / name) is expected


@pytest.mark.parametrize("base", [".git#branch=main", ".git#branch=main,subdir=api"])
def test_the_base_is_the_same_file_at_a_commit(shop: Desk, base: str) -> None:
    document = open_base(base, "api/shop.yaml", shop.folder)

    assert document is not None
    assert document.root.get("paths", "/orders") is not None


def test_the_base_may_be_another_file(shop: Desk) -> None:
    shop.write({"old.yaml": SHOP})

    document = open_base("old.yaml", "api/shop.yaml", shop.folder)

    assert document is not None
    assert document.path == "old.yaml"


def test_a_document_that_the_commit_does_not_have_is_new(shop: Desk) -> None:
    shop.write({"api/cart.yaml": SHOP})

    assert open_base(".git#branch=main", "api/cart.yaml", shop.folder) is None


def test_the_name_of_a_branch_is_told_from_a_folder(shop: Desk) -> None:
    with pytest.raises(InterfaceError, match=r"use '\.git#branch=main'"):
        open_base("main", "api/shop.yaml", shop.folder)


def test_a_document_that_moved_is_not_taken_for_a_new_one(shop: Desk) -> None:
    shop.write({"docs/shop.yaml": WITHOUT_ORDERS})
    (shop.folder / "api/shop.yaml").unlink()

    with pytest.raises(InterfaceError, match=r"has no 'docs/shop\.yaml' there, but 'api/shop\.yaml'") as caught:
        open_base(".git#branch=main", "docs/shop.yaml", shop.folder)

    assert "--against '.git#branch=main,subdir=api'" in str(caught.value)
    assert open_base(".git#branch=main,subdir=api", "docs/shop.yaml", shop.folder) is not None


def test_a_document_called_like_another_one_is_new(shop: Desk) -> None:
    shop.write({"docs/shop.yaml": SHOP})

    assert open_base(".git#branch=main", "docs/shop.yaml", shop.folder) is None


def test_a_base_that_does_not_exist_is_refused(shop: Desk) -> None:
    with pytest.raises(InterfaceError, match="no such OpenAPI document"):
        open_base("nothing.yaml", "api/shop.yaml", shop.folder)


def test_the_command_takes_a_document(shop: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop.folder)

    done = CliRunner().invoke(command, ["api/shop.yaml"])

    assert done.exit_code == 1
    assert done.stdout.splitlines()[0].startswith("api/shop.yaml:2:1: error: ")
    assert "  OPENAPI_PATH_NO_DELETE Path /orders was deleted. [" in done.stdout
    # Nobody named a base: it is where the branch began.
    assert f"api/shop.yaml against .git#commit={shop.git('rev-parse', 'main')}: 1 break" in done.stdout


def test_outside_of_git_there_is_nothing_to_compare_with(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write({"shop.yaml": SHOP})
    monkeypatch.chdir(desk.folder)

    done = CliRunner().invoke(command, ["shop.yaml"])

    assert done.exit_code == 0
    assert "nothing to compare with" in done.stderr
