"""What a repository may say about itself."""

import re
from pathlib import Path

import pytest

from servanda.configuration import find, load, search
from servanda.errors import ConfigurationError
from servanda.verdict import Transport

SHOP = """
entry = "shop"

[services.shop]
owner = "team-shop"
command = ["{python}", "-m", "shop"]
ports = ["http"]
transports = { http = "http" }
ready = "http://127.0.0.1:{port.http}/readyz"
stores = ["postgres"]
drain_seconds = 3

[pacticipants.web]
owner = "team-web"
"""


def written(folder: Path, text: str, name: str = "servanda.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_service_is_read_with_its_transports_and_stores(tmp_path: Path) -> None:
    service = load(written(tmp_path, SHOP)).services["shop"]

    assert (service.transports, service.stores, service.drain_seconds) == (
        {Transport.HTTP: "http"},
        ("postgres",),
        3.0,
    )


def test_services_and_others_are_pacticipants_with_their_owners(tmp_path: Path) -> None:
    pacticipants = load(written(tmp_path, SHOP)).pacticipants

    assert {name: party.owner for name, party in pacticipants.items()} == {"shop": "team-shop", "web": "team-web"}


def test_a_pyproject_table_says_the_same(tmp_path: Path) -> None:
    text = "[tool.servanda.services.shop]\ncommand = ['shop']\n"

    assert load(written(tmp_path, text, "pyproject.toml")).services["shop"].command == ("shop",)


def test_the_configuration_of_a_folder_above_governs(tmp_path: Path) -> None:
    path = written(tmp_path, SHOP)
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)

    assert find(inner) == path


def test_without_a_configuration_the_error_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"write a servanda\.toml"):
        find(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("[services.shop]\n", "'command' is missing", id="no command"),
        pytest.param("services = 3\n", "services: expected a table, found the number 3", id="not a table"),
        pytest.param("entry = 'shop'\n", "entry: 'shop' is not a configured service", id="unknown entry"),
        pytest.param("[services.a]\ncommand = ['a']\ndepends_on = ['b']\n", "depends on 'b'", id="unknown dependency"),
        pytest.param(
            "[services.a]\ncommand = ['a']\nstores = ['mongo']\n", "unknown store 'mongo'", id="unknown store"
        ),
        pytest.param("[services.a]\ncommand = ['a']\ncolour = 'red'\n", "unknown key 'colour'", id="unknown key"),
        pytest.param(
            "[services.a]\ncommand = 'a'\n", "2:11: services.a.command: expected a list of strings", id="wrong type"
        ),
        pytest.param(
            "[services.a]\ncommand = ['a']\ntransports = { http = 'web' }\n",
            "names the unknown port 'web'",
            id="unknown port",
        ),
        pytest.param(
            "[services.a]\ncommand = ['a']\ndrain_seconds = -1\n", "a finite, non-negative number", id="negative"
        ),
        pytest.param("[services.a]\ncommand = ['a']\nport = []\n", "3:1: .* did you mean 'ports'", id="misspelt"),
        pytest.param("\n[contracts]\npacts = '../../x'\n", "3:9: it points to '.*', outside of the tree", id="outside"),
        pytest.param("[services", "invalid TOML", id="not toml"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)

    with pytest.raises(ConfigurationError, match=f"(?s){message}") as caught:
        load(path)

    assert str(path) in str(caught.value)


def test_a_project_that_says_nothing_about_contracts_is_passed_over(tmp_path: Path) -> None:
    written(tmp_path, "tool = 3\n", "pyproject.toml")

    assert search(tmp_path) is None


def test_a_project_that_was_named_may_say_nothing(tmp_path: Path) -> None:
    assert not load(written(tmp_path, "[project]\nname = 'a'\n", "pyproject.toml")).services


@pytest.mark.parametrize("name", ["servanda.toml", "pyproject.toml"])
def test_a_configuration_that_is_found_lies_in_the_tree(tmp_path: Path, name: str) -> None:
    written(tmp_path, "[tool.servanda]\n", "elsewhere.toml")
    (tmp_path / "tree" / ".git").mkdir(parents=True)
    (tmp_path / "tree" / name).symlink_to("../elsewhere.toml")

    with pytest.raises(ConfigurationError, match=r"points to '\.\./elsewhere\.toml', outside of the tree"):
        search(tmp_path / "tree")


@pytest.mark.parametrize("key", ["interfaces.root", "interfaces.releases", "contracts.pacts", "pacticipants.a.openapi"])
def test_a_folder_behind_a_link_lies_in_the_tree(tmp_path: Path, key: str) -> None:
    (tmp_path / "link").symlink_to("/etc")

    with pytest.raises(ConfigurationError, match=r"servanda.toml:1:\d+: the symbolic link '.*' points to '/etc'"):
        load(written(tmp_path, f"{key} = 'link/inner'\n"))


@pytest.mark.parametrize("what", ["something else", "a broken symbolic link"])
def test_what_is_no_file_does_not_leave_the_choice_to_another_one(tmp_path: Path, what: str) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "servanda.toml").touch()
    own = tmp_path / "inner" / "servanda.toml"
    if what == "something else":
        own.mkdir()
    else:
        own.symlink_to("nowhere")

    with pytest.raises(ConfigurationError, match=f"expected a file, found {what}"):
        search(tmp_path / "inner")


ROUTED = """
[services.shop]
command = ["run"]
ports = ["web", "admin"]
[services.shop.routes.{}
"""


def test_a_service_has_routes_by_transport(tmp_path: Path) -> None:
    path = tmp_path / "servanda.toml"
    path.write_text(ROUTED.format('http]\n"/admin" = "admin"\n"/x" = "https://127.0.0.1:{port.web}"'))
    assert load(path).services["shop"].routes == {"http": {"/admin": "admin", "/x": "https://127.0.0.1:{port.web}"}}


@pytest.mark.parametrize(
    ("route", "message"),
    [
        ('http]\n"admin" = "admin"', "'admin' is no beginning of a path"),
        ('http]\n"/admin" = "adnim"', "the route '/admin' names the unknown port 'adnim'"),
        ('http]\n"/admin" = 1', "expected a string"),
        ('kafka]\n"/admin" = "admin"', "no path leads to 'kafka'"),
        ('http]\n"/admin" = "https://{env.HOST}"', "is not filled here"),
    ],
)
def test_a_route_that_leads_nowhere_is_refused(tmp_path: Path, route: str, message: str) -> None:
    path = tmp_path / "servanda.toml"
    path.write_text(ROUTED.format(route))
    with pytest.raises(ConfigurationError, match=re.escape(message)):
        load(path)
