"""How much is told, and in colours or not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click import unstyle
from click.testing import CliRunner, Result

from servanda.cli import main

PROTO = 'syntax = "proto3";\nmessage A {}\n'


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "proto").mkdir()
    (tmp_path / "proto" / "a.proto").write_text(PROTO, encoding="utf-8")
    (tmp_path / "servanda.toml").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


@pytest.mark.parametrize("words", [("-q", "check"), ("check", "--quiet"), ("check", "-q")])
def test_who_wants_quiet_gets_the_answer_alone(words: tuple[str, ...]) -> None:
    usual, quiet = run("check"), run(*words)

    assert usual.stderr
    assert (quiet.stdout, quiet.stderr) == (usual.stdout, "")


def test_an_error_is_told_to_who_wants_quiet() -> None:
    Path("servanda.toml").write_text("x = 1\n", encoding="utf-8")

    assert "error: unknown key 'x'" in run("-q", "check").stderr


@pytest.mark.parametrize("words", [("-v", "check"), ("check", "--verbose")])
def test_who_wants_more_hears_what_is_read_and_how_long_it_took(words: tuple[str, ...]) -> None:
    told = run(*words).stderr

    assert "configuration: servanda.toml\n" in told
    assert "servanda check took " in told


@pytest.mark.parametrize(
    ("words", "variables", "is_colored"),
    [
        (("doctor",), {}, False),
        (("--color", "always", "doctor"), {}, True),
        (("doctor", "--color=always"), {"NO_COLOR": "1"}, True),
        (("doctor", "--color=never"), {"FORCE_COLOR": "1"}, False),
        (("doctor",), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colors_are_used_where_somebody_wants_them(
    words: tuple[str, ...], variables: dict[str, str], is_colored: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SERVANDA_INFRA", "embedded")

    assert ("\x1b[32m" in run(*words).stdout) is is_colored


@pytest.mark.parametrize(
    "words", [("check", "proto", "--against", "old"), ("gate", "--only", "interfaces")], ids=" ".join
)
def test_a_verdict_in_a_pipe_differs_by_its_colors_alone(words: tuple[str, ...]) -> None:
    Path("servanda.toml").write_text('[interfaces]\nroot = "proto"\n', encoding="utf-8")
    Path("old").mkdir()
    Path("old/a.proto").write_text(PROTO.replace("{}", "{ string id = 1; }"), encoding="utf-8")
    plain, colored = run(*words), run("--color", "always", *words)

    assert "\x1b[" not in plain.stdout
    assert "\x1b[" in colored.stdout
    times = re.compile(r"\d+\.\d+ s")
    assert times.sub("", unstyle(colored.stdout)) == times.sub("", plain.stdout)


def test_a_document_has_no_colors_whoever_asks() -> None:
    assert "\x1b[" not in run("--color", "always", "check", "--format", "json").stdout
