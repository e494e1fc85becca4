"""To add a part, nothing but its folder and its row has to be touched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from servanda.extensions import FORMATS, KINDS, RUNNERS, STORES, TRANSPORTS, ExtensionPoint

ROOT = Path(__file__).parents[3]
SUITE = ROOT / "servanda"
# What shares the folder of the kinds is not one.
SHARED = {"inputs", "trees", "usage"}


def packages(folder: str) -> set[str]:
    return {path.parent.name for path in (SUITE / folder).glob("*/__init__.py")}


@pytest.mark.parametrize(
    ("point", "folder"),
    [
        pytest.param(STORES, "infra/stores", id="stores"),
        pytest.param(TRANSPORTS, "transports", id="transports"),
        pytest.param(KINDS, "interfaces", id="kinds"),
    ],
)
def test_every_folder_has_a_row_and_every_row_a_folder(point: ExtensionPoint, folder: str) -> None:
    assert set(point.built_in) == packages(folder) - SHARED
    room = f"servanda.{folder.replace('/', '.')}"
    assert all(value.startswith(f"{room}.{name}") for name, value in point.built_in.items())


@pytest.mark.parametrize("point", [STORES, TRANSPORTS, KINDS, FORMATS, RUNNERS], ids=lambda point: point.noun)
def test_every_row_can_be_loaded(point: ExtensionPoint) -> None:
    assert all(point.load(name) is not None for name in point.built_in)


def test_the_documents_name_every_group() -> None:
    text = (ROOT / "docs" / "how-to" / "extend.md").read_text()
    groups = {point.group for point in (STORES, TRANSPORTS, KINDS, FORMATS, RUNNERS)}
    assert groups <= set(re.findall(r"^\| `(servanda\.\w+)` \|", text, re.MULTILINE))


def test_what_to_touch_is_there() -> None:
    table = (ROOT / "CONTRIBUTING.md").read_text().partition("## To add something")[2].partition("\n## ")[0]
    paths = re.findall(r"`([a-z_]+/[^`]*)`", table)
    assert len(paths) > 5
    assert [path for path in paths if not (ROOT / path).exists()] == []
