"""Extras: an error that needs one names it, and what it names is what the wheel declares."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions
from pathlib import Path
from typing import Any

import pytest

from servanda.errors import MissingExtraError
from servanda.extensions import ExtensionPoint
from servanda.extras import EXTRAS, Extra, extra_of, missing, naming_extra, require

PROJECT: dict[str, Any] = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]


def normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def named(requirements: list[str]) -> set[str]:
    """The distributions that requirements name themselves, those of other extras aside."""
    return {normal(re.split(r"[^\w.-]", each)[0]) for each in requirements} - {"servanda"}


def test_the_wheel_declares_these_extras_and_one_for_all() -> None:
    declared = PROJECT["optional-dependencies"]
    assert sorted(declared) == sorted([*(extra.name for extra in EXTRAS), "all"])
    (everything,) = declared["all"]
    held = set(re.findall(r"\w+", everything.partition("[")[2]))
    for name in tuple(held):
        held |= {inner for each in declared[name] if each.startswith("servanda[") for inner in re.findall(r"\w+", each)}
    assert held - {"servanda"} == {extra.name for extra in EXTRAS}


@pytest.mark.parametrize("extra", EXTRAS, ids=lambda extra: extra.name)
def test_an_extra_brings_the_modules_that_it_is_named_for(extra: Extra) -> None:
    givers = packages_distributions()
    # Brought by the program that buf-bin is, which has no module.
    modules = [module for module in extra.modules if module != "buf"]
    given = {normal(giver) for module in modules for giver in givers[module]}
    own = named(PROJECT["optional-dependencies"][extra.name])
    held = {"filelock"} if extra.name == "embedded" else set()
    assert given <= own | held
    assert not given & named(PROJECT["dependencies"])


def test_an_error_says_what_for_and_exactly_what_to_install() -> None:
    error = missing("confluent_kafka.admin", where="transport kafka")
    assert str(error) == (
        "transport kafka: speaking to Kafka needs confluent_kafka, which is not installed\n"
        'hint: install "servanda[kafka]"'
    )


@pytest.mark.parametrize("module", ["", "acme", "servanda.absent", "google.protobuf"])
def test_a_module_of_no_extra_is_not_asked_for(module: str) -> None:
    assert extra_of(module) is None
    assert missing(module) is None


def test_an_import_that_fails_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingExtraError, match=r'install "servanda\[redis\]"'), naming_extra():
        raise ModuleNotFoundError("No module named 'redis'", name="redis.asyncio")


@pytest.mark.parametrize(
    "error", [ModuleNotFoundError(name="acme"), ModuleNotFoundError(), PackageNotFoundError("acme"), ImportError("x")]
)
def test_another_import_that_fails_stays_as_it_is(error: ImportError) -> None:
    with pytest.raises(type(error)) as caught, naming_extra():
        raise error
    assert caught.value is error


def test_an_extra_that_is_installed_can_be_required() -> None:
    for extra in EXTRAS:
        if extra.name != "buf":
            require(extra.name)


def test_a_part_whose_extra_is_missing_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "part_without_extra.py").write_text("raise ModuleNotFoundError('absent', name='aiohttp')")
    monkeypatch.syspath_prepend(tmp_path)
    point = ExtensionPoint("shape", "servanda.shapes", {"circle": "part_without_extra:PART"})
    with pytest.raises(MissingExtraError, match=r'shape circle: observing HTTP .*\n.*"servanda\[observe\]"'):
        point.module("circle", "part_without_extra")


WITHOUT_EXTRAS = """
import importlib, sys
from servanda.cli import COMMANDS
from servanda.extras import extra_of

class Absent:
    def find_spec(self, name, path=None, target=None):
        if extra_of(name):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
for command in COMMANDS:
    importlib.import_module(f"servanda.cli.{command.replace('-', '_')}")
"""


def test_every_command_can_be_imported_without_an_extra() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_EXTRAS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
