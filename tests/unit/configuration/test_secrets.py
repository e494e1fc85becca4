"""Secrets that a configuration names and does not hold."""

from __future__ import annotations

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from servanda.configuration import Secrets, load
from servanda.errors import ConfigurationError
from servanda.escaping import visible

SERVICE = '[services.shop]\ncommand = ["shop"]\n'
FILLED = ["services.shop.environment", "services.shop.migrate_environment", "services.shop.headers"]


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refused(folder: Path, text: str) -> ConfigurationError:
    path = written(folder, "servanda.toml", text.encode())
    with pytest.raises(ConfigurationError) as raised:
        load(path)
    return raised.value


def test_a_variable_and_a_file_stand_in_a_text(tmp_path: Path) -> None:
    written(tmp_path, "token", b"s3cret-file\n")
    secrets = Secrets(tmp_path, {"USER_NAME": "ada"})

    assert secrets.fill("{env.USER_NAME}:{file.token}@h", "here") == "ada:s3cret-file@h"


def test_a_secret_of_an_absolute_path_may_lie_outside_of_the_tree(tmp_path: Path) -> None:
    path = written(tmp_path, "token", b"outside-Qw3")
    (tmp_path / "tree").mkdir()

    assert Secrets(tmp_path / "tree", {}).fill(f"{{file.{path}}}", "here") == "outside-Qw3"


@pytest.mark.parametrize("content", [b"one\r\n", b"one\n", b"one"])
def test_the_end_of_the_last_line_is_no_part_of_it(tmp_path: Path, content: bytes) -> None:
    written(tmp_path, "token", content)

    assert Secrets(tmp_path, {}).fill("{file.token}", "here") == "one"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{env.NO_SUCH}", "here: the environment variable NO_SUCH is not set\nhint: export NO_SUCH=..."),
        ("{file.missing}", "here: {file.missing}: cannot be read: No such file or directory"),
        ("{file.folder}", "here: {file.folder}: expected a file, found a folder"),
        ("{file.large}", "here: {file.large}: larger than the limit of 65,536 bytes"),
        ("{file.binary}", "here: {file.binary}: is no text in UTF-8"),
        ("{file.nul}", "here: {file.nul}: holds a NUL character"),
        ("{file.../outside}", "outside of the tree"),
        ("{file.link}", "outside of the tree"),
    ],
)
def test_what_cannot_be_had_is_told_with_its_key_and_without_its_content(
    tmp_path: Path, text: str, message: str
) -> None:
    root = tmp_path / "tree"
    (root / "folder").mkdir(parents=True)
    written(tmp_path, "outside", b"never-told")
    written(root, "large", b"never-told" * 7000)
    written(root, "binary", b"never-told\xff")
    written(root, "nul", b"never-told\0")
    (root / "link").symlink_to("../outside")

    with pytest.raises(ConfigurationError) as raised:
        Secrets(root, {}).fill(text, "here")

    assert message in str(raised.value)
    assert "never-told" not in str(raised.value)


def test_no_output_shows_what_a_file_holds(tmp_path: Path) -> None:
    written(tmp_path, "token", b"hidden-Kp5\n")

    Secrets(tmp_path, {}).fill("{file.token}", "here")

    assert visible("the log says hidden-Kp5") == "the log says ***"


def test_of_variables_those_whose_name_tells_of_a_secret_are_hidden(tmp_path: Path) -> None:
    Secrets(tmp_path, {"API_TOKEN": "hidden-Vb6", "REGION": "shown-Vb6"}).fill("{env.API_TOKEN}{env.REGION}", "here")

    assert visible("hidden-Vb6 shown-Vb6") == "*** shown-Vb6"


@pytest.mark.parametrize("key", FILLED)
def test_a_value_may_name_secrets_and_is_filled_later(tmp_path: Path, key: str) -> None:
    text = f"{SERVICE}[{key}]\nA = 'x{{env.NO_SUCH}}{{file./no/such}}'\n"

    assert load(written(tmp_path, "servanda.toml", text.encode())).services["shop"].command == ("shop",)


@pytest.mark.parametrize("key", FILLED)
@pytest.mark.parametrize(
    "wrong",
    [
        "{env.}",
        "{env.A-B}",
        "{env.1}",
        "{file.}",
        "x {env.A",
        "{ENV.HOME}",
        "{ env.HOME }",
        "{File./x}",
        "{generated.}",
        "{generated.a-b}",
        "{Generated.A}",
    ],
)
def test_what_names_neither_is_refused_at_its_place(tmp_path: Path, key: str, wrong: str) -> None:
    error = refused(tmp_path, f"{SERVICE}[{key}]\nA = '{wrong}'\n")

    assert "names no variable, no file and no generated secret" in error.what
    assert (error.where or "").endswith("servanda.toml:4:5")


@pytest.mark.parametrize("key", FILLED)
@pytest.mark.parametrize("wrong", ["{envv.HOME}", "x{Port.http}", "{env_.API-TOKEN}"])
def test_a_name_with_parts_in_braces_that_nothing_fills_is_refused_at_its_place(
    tmp_path: Path, key: str, wrong: str
) -> None:
    error = refused(tmp_path, f"{SERVICE}[{key}]\nA = '{wrong}'\n")

    assert "unknown placeholder" in error.what
    assert (error.where or "").endswith("servanda.toml:4:5")


def test_a_header_is_filled_with_secrets_alone(tmp_path: Path) -> None:
    assert "unknown placeholder '{port.http}'" in refused(tmp_path, f"{SERVICE}headers.A = '{{port.http}}'\n").what


@pytest.mark.parametrize("key", FILLED)
@pytest.mark.parametrize("literal", ['{"a":1}', '{"a.b": {"c": 1.5}}', "{}", "{ x }", "{0.5}", "${HOME}"])
def test_other_braces_stay_as_they_are(tmp_path: Path, key: str, literal: str) -> None:
    path = written(tmp_path, "servanda.toml", f"{SERVICE}[{key}]\nA = '{literal}'\n".encode())

    assert getattr(load(path).services["shop"], key.rpartition(".")[2])["A"] == literal


@pytest.mark.parametrize("text", ["Bearer {env.TOKEN}", "{file.token}"])
def test_a_text_that_needs_a_value_takes_nothing_empty(tmp_path: Path, text: str) -> None:
    written(tmp_path, "token", b"\n")

    with pytest.raises(ConfigurationError, match="is empty"):
        Secrets(tmp_path, {"TOKEN": ""}).fill(text, "here")


@pytest.mark.parametrize(
    "line",
    [
        "interfaces.root = '{env.ROOT}'",
        "contracts.record = ['a', '{env.ROOT}']",
        "contracts.broker.url = 'https://{env.HOST}'",
        "pacticipants.web.openapi = '{file.x}'",
        "events.messages = { a = '{file.x}' }",
        "services.shop.command = ['run', '{file.x}']",
        "services.shop = { command = ['x'], ready = 'http://{env.HOST}' }",
        "services.shop = { command = ['x'], ca = '{env.CA}' }",
    ],
)
def test_a_secret_where_nothing_would_fill_it_is_refused(tmp_path: Path, line: str) -> None:
    error = refused(tmp_path, line)

    assert "is not filled here" in error.what
    assert "'parity_environment', 'versions_environment', 'headers' and 'certificate'" in (error.hint or "")


def test_a_generated_secret_is_random_and_the_same_at_every_later_start(tmp_path: Path) -> None:
    first, other = (Secrets(tmp_path, {}).fill(f"{{generated.{name}}}", "here") for name in ("A_PASSWORD", "OTHER"))

    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", first)
    assert other != first
    assert Secrets(tmp_path, {}).fill("x{generated.A_PASSWORD}", "here") == f"x{first}"


def test_a_generated_secret_can_be_read_by_its_owner_alone_and_is_never_committed(tmp_path: Path) -> None:
    Secrets(tmp_path, {}).fill("{generated.KEY}", "here")

    folder = tmp_path / ".servanda" / "secrets"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "KEY").stat().st_mode) == 0o600
    assert "\n*\n" in (folder / ".gitignore").read_text()


def test_no_output_shows_a_generated_secret(tmp_path: Path) -> None:
    secret = Secrets(tmp_path, {}).fill("{generated.REGION}", "here")

    assert visible(f"the log says {secret}") == "the log says ***"


def test_starts_at_the_same_time_share_one_generated_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: Secrets(tmp_path, {}).fill("{generated.KEY}", "here"), range(40)))

    assert len(found) == 1
    assert sorted(path.name for path in (tmp_path / ".servanda" / "secrets").iterdir()) == [".gitignore", "KEY"]


def test_a_variable_has_precedence_over_a_generated_secret_of_its_name(tmp_path: Path) -> None:
    assert Secrets(tmp_path, {"A_REGION": "given-Hd2"}).fill("{generated.A_REGION}", "here") == "given-Hd2"
    assert visible("given-Hd2") == "***"
    assert not (tmp_path / ".servanda").exists()


def test_every_version_that_runs_in_a_project_has_its_generated_secrets(tmp_path: Path) -> None:
    older = tmp_path / "older"
    older.mkdir()

    found = {Secrets(root, {}, tmp_path).fill("{generated.KEY}", "here") for root in (tmp_path, older)}

    assert len(found) == 1
    assert not list(older.iterdir())


@pytest.mark.parametrize(
    ("content", "mode"), [(b"A" * 43, 0o644), (b"A" * 42, 0o600), (b"A" * 44, 0o600), (b"", 0o600)]
)
def test_a_secret_that_others_may_know_or_that_is_none_is_not_used(tmp_path: Path, content: bytes, mode: int) -> None:
    folder = tmp_path / ".servanda" / "secrets"
    folder.mkdir(parents=True)
    written(folder, "KEY", content).chmod(mode)

    with pytest.raises(ConfigurationError, match="expected a secret of 43 characters that only user") as raised:
        Secrets(tmp_path, {}).fill("{generated.KEY}", "here")

    assert raised.value.hint == "delete it: the next start makes a new one"


def test_a_link_in_the_place_of_a_generated_secret_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / ".servanda" / "secrets"
    folder.mkdir(parents=True)
    written(tmp_path, "known", b"A" * 43).chmod(0o600)
    (folder / "KEY").symlink_to(tmp_path / "known")

    with pytest.raises(ConfigurationError, match="cannot be kept"):
        Secrets(tmp_path, {}).fill("{generated.KEY}", "here")
