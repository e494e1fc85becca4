"""Levels of rules."""

from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.configuration import Level, RuleLevels, load
from servanda.errors import ConfigurationError

Write = Callable[[str], RuleLevels]


@pytest.fixture
def levels(tmp_path: Path) -> Write:
    """The levels that a ``servanda.toml`` with this text chooses."""

    def write(text: str) -> RuleLevels:
        (tmp_path / "servanda.toml").write_text(text, encoding="utf-8")
        return load(tmp_path / "servanda.toml").rules

    return write


def level(levels: RuleLevels, path: str = "proto/shop/v1/shop.proto", element: str = "shop.v1.Order.note") -> object:
    return levels.level("HTTP_SAME_PATH", "HTTP", path, element)


def test_nobody_has_to_choose(levels: Write) -> None:
    assert level(levels("")) is None


@pytest.mark.parametrize("chosen", Level)
def test_a_category_has_a_level(levels: Write, chosen: Level) -> None:
    assert level(levels(f'[rules]\nHTTP = "{chosen}"\n')) is chosen


def test_a_rule_counts_more_than_its_category(levels: Write) -> None:
    assert level(levels('[rules]\nHTTP_SAME_PATH = "off"\nHTTP = "warning"\n')) is Level.OFF


def test_an_override_counts_more_than_what_holds_everywhere(levels: Write) -> None:
    found = levels(
        '[rules]\nHTTP_SAME_PATH = "off"\n[[rules.overrides]]\npaths = ["proto"]\nrules = {HTTP = "advice"}\n'
    )

    assert level(found) is Level.ADVICE
    assert level(found, "api/shop.proto") is Level.OFF


def test_the_last_override_counts(levels: Write) -> None:
    one, other = (
        f'[[rules.overrides]]\npackages = ["shop"]\nrules = {{HTTP = "{each}"}}\n' for each in ("error", "off")
    )

    assert level(levels(one + other)) is Level.OFF


@pytest.mark.parametrize(
    ("packages", "is_covered"),
    [('["shop"]', True), ('["shop.v1"]', True), ('["shop.v2"]', False), ('["sho"]', False), ('["proto"]', False)],
)
def test_a_package_covers_its_files_as_a_whole(levels: Write, packages: str, is_covered: bool) -> None:
    found = levels(f'[[rules.overrides]]\npackages = {packages}\nrules = {{FILE = "off"}}\n')
    path = "proto/shop/v1/shop.proto"

    assert (found.level("FILE_NO_DELETE", "FILE", path, path, "shop.v1") is Level.OFF) is is_covered


@pytest.mark.parametrize(
    ("paths", "is_covered"),
    [
        ('["proto"]', True),
        ('["proto/"]', True),
        ('["./proto"]', True),
        ('["proto/./shop"]', True),
        ('["."]', True),
        ('["./pro"]', False),
        ('["proto/shop/v1/shop.proto"]', True),
        ('["proto/*/v1"]', True),
        ('["*.proto"]', True),
        ('["pro"]', False),
        ('["shop"]', False),
    ],
)
def test_a_path_covers_what_lies_below_it(levels: Write, paths: str, is_covered: bool) -> None:
    found = levels(f'[[rules.overrides]]\npaths = {paths}\nrules = {{HTTP = "off"}}\n')

    assert (level(found) is Level.OFF) is is_covered


@pytest.mark.parametrize(("package", "is_covered"), [("shop", True), ("shop.v1", True), ("sho", False), ("v1", False)])
def test_a_package_covers_those_beneath_it(levels: Write, package: str, is_covered: bool) -> None:
    found = levels(f'[[rules.overrides]]\npackages = ["{package}"]\nrules = {{HTTP = "off"}}\n')

    assert (level(found) is Level.OFF) is is_covered


def test_path_and_package_have_to_agree(levels: Write) -> None:
    found = levels('[[rules.overrides]]\npaths = ["api"]\npackages = ["shop"]\nrules = {HTTP = "off"}\n')

    assert level(found) is None
    assert level(found, "api/shop.proto") is Level.OFF


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[rules]\nHTTP = "fatal"\n', "rules.HTTP: unknown level 'fatal'"),
        ("[rules]\nHTTP = 1\n", "rules.HTTP: expected a string"),
        ('[[rules.overrides]]\nrules = {HTTP = "off"}\n', "expected 'rules', and 'paths' or 'packages'"),
        ('[[rules.overrides]]\npaths = ["a"]\n', "expected 'rules', and 'paths' or 'packages'"),
        ('[[rules.overrides]]\npath = ["a"]\nrules = {HTTP = "off"}\n', "unknown key 'path'"),
        ('[rules]\noverrides = "off"\n', "rules.overrides: expected a list"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(levels: Write, text: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=r"servanda\.toml:\d+:\d+") as caught:
        levels(text)

    assert told in str(caught.value)
