"""Migrations of each service are one line: of two that follow the same one, none can be applied."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[3] / "services"
FOLDERS = sorted(SERVICES.glob("*/migrations"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_each_migration_follows_the_one_before(folder: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))]
    revisions = [re.findall(r'^revision = "(\w+)"', text, re.MULTILINE)[0] for text in texts]
    before = [re.findall(r'^down_revision = "(\w+)"', text, re.MULTILINE) for text in texts]

    assert revisions == [path.name[:4] for path in sorted(folder.glob("*.py"))]
    assert before == [[], *([revision] for revision in revisions[:-1])]
