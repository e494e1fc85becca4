"""Every example of the documentation runs as it is printed, in an empty repository on which the wheel is installed."""

from __future__ import annotations

import ast
import dataclasses
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
import tomlkit
import yaml

from servanda.configuration import Configuration, load
from tests.integration.pages.page import ROOT, Example, examples

# Of these, generated pages are compared with what they are made of.
GENERATED = {"docs/reference/rules.md": "tests/unit/codegen/test_rules.py"}
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    if "_build" not in path.parts
)
ALL = [each for page in PAGES if page not in GENERATED for each in examples(page) if not each.is_picture]
SECONDS = 240


def _python(text: str) -> None:
    ast.parse(text)


def _lines_of_json(text: str) -> None:
    try:
        json.loads(text)
    except ValueError:
        for line in text.splitlines():
            json.loads(line)


def _proto(text: str) -> None:
    whole = text if "syntax =" in text else f'syntax = "proto3";\n{text}'
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "page.proto").write_text(whole, encoding="utf-8")
        command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{folder}", f"--descriptor_set_out={folder}/out"]
        subprocess.run([*command, "page.proto"], check=True, capture_output=True)


def _toml(text: str) -> None:
    """Read TOML; what is a part of servanda.toml can be loaded, with the services and commands that it leaves out."""
    tables = tomllib.loads(text)
    if not tables or not set(tables) <= OF_CONFIGURATION:
        return
    services = tables.setdefault("services", {})
    named = {tables.get("entry"), *(name for each in services.values() for name in each.get("depends_on", []))}
    for name in {*services, *named} - {None}:
        services.setdefault(name, {}).setdefault("command", [name])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "servanda.toml")
        path.write_text(tomlkit.dumps(tables), encoding="utf-8")
        load(path)


OF_CONFIGURATION = {field.name.replace("_", "-") for field in dataclasses.fields(Configuration)} | {"rules"}
PARSERS: Mapping[str, Callable[[str], object]] = {
    "python": _python,
    "toml": _toml,
    "yaml": yaml.safe_load,
    "json": _lines_of_json,
    "proto": _proto,
}


def is_story(example: Example) -> bool:
    """Tell whether it is a part of what a reader does on the page, from top to bottom."""
    return example.mark not in ("tested", "not run") and (example.is_session or example.file is not None)


STORIES = [page for page in PAGES if any(is_story(each) and each.is_session for each in ALL if each.page == page)]


def type_in(command: str, folder: Path, environment: Mapping[str, str]) -> tuple[int, list[str]]:
    """Run a command as a shell does; return its code and what it printed."""
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


def is_shown(expected: Sequence[str], printed: Sequence[str]) -> bool:
    """Tell whether lines came in this order; an ellipsis stands for anything, within a line and between lines."""
    left = iter(printed)
    patterns = [".*".join(map(re.escape, line.split("..."))) for line in expected if line.strip() != "..."]
    return all(any(re.fullmatch(pattern, line.rstrip()) for line in left) for pattern in patterns)


def write(folder: Path, example: Example) -> None:
    """Write the file that an example is."""
    assert example.file is not None
    name, is_addition = example.file
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") + "\n" if is_addition else ""
    path.write_text(before + example.text, encoding="utf-8")


def perform(folder: Path, environment: Mapping[str, str], example: Example) -> None:
    """Type in the commands of an example, and compare what they print."""
    commands = list(example.commands())
    for number, (command, expected) in enumerate(commands):
        code, printed = type_in(command, folder, environment)
        is_last = number == len(commands) - 1
        wanted = int(example.value) if example.mark == "exit" and is_last else 0
        told = "\n".join([f"{example}: $ {command}", *printed])
        assert code == wanted, f"{told}\nexit code {code}, expected {wanted}"
        assert is_shown(expected, printed), f"{told}\nexpected\n" + "\n".join(expected)


@pytest.mark.timeout(3 * SECONDS)
@pytest.mark.parametrize("page", STORIES)
def test_the_page_does_what_it_says(page: str, tmp_path: Path, environment: Mapping[str, str]) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    subprocess.run(["git", "init", "--quiet"], cwd=folder, env=environment, check=True)
    for example in filter(is_story, (each for each in ALL if each.page == page)):
        if example.mark == "needs" and shutil.which(example.value) is None:
            pytest.skip(f"no {example.value} on this host")
        if example.file is not None:
            write(folder, example)
        else:
            perform(folder, environment, example)


@pytest.mark.parametrize("example", [each for each in ALL if each.language in PARSERS], ids=str)
def test_every_piece_of_a_file_can_be_parsed(example: Example) -> None:
    PARSERS[example.language](example.text)


@pytest.mark.parametrize("example", [each for each in ALL if each.mark == "tested"], ids=str)
def test_what_is_tested_elsewhere_is(example: Example) -> None:
    test = ROOT / example.value

    assert test.is_file()
    assert re.search(rf"\b{re.escape(Path(example.page).name)}\b", test.read_text(encoding="utf-8"))


def test_no_example_is_left_out() -> None:
    left = [each for each in ALL if not (is_story(each) or each.mark or each.language in PARSERS)]

    assert [str(each) for each in left] == []


def test_what_cannot_run_says_why_and_there_is_not_more_of_it() -> None:
    reasons = Counter(each.value for each in ALL if each.mark == "not run")

    assert reasons == {
        "asks a broker": 2,
        "asks a provider of yours": 1,
        "asks a service that runs elsewhere": 1,
        "builds an image": 1,
        "builds the version 1.4.0": 1,
        "for a database of a running platform": 2,
        "for a running platform and an access token of an administrator": 1,
        "installs from a registry; the tests have the wheel": 3,
        "names a shape of yours": 1,
        "needs a compiler of TypeScript": 1,
        "needs libraries of Java": 1,
        "needs packages of npm": 1,
        "runs all consumers' tests of this repository; the gate does": 1,
        "runs until Ctrl-C": 2,
        "shows a finding in documents of somebody else": 1,
        "starts two instances on stores of their own; a test does": 2,
        "takes the whole platform; the environment gate of tox runs it": 1,
    }
