"""The manual of an installed suite, where there is no checkout."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from servanda.manual import pages


def test_every_page_comes_with_the_wheel(tmp_path: Path, environment: Mapping[str, str]) -> None:
    listed = subprocess.run(
        ["servanda", "help"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )

    assert [line.split()[0] for line in listed.stdout.splitlines()] == list(pages())


def test_a_page_of_the_wheel_is_that_of_the_documentation(tmp_path: Path, environment: Mapping[str, str]) -> None:
    shown = subprocess.run(
        ["servanda", "help", "tutorial"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )

    assert shown.stdout == pages()["tutorial"].text()
