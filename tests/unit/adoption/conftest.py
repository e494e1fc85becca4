from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Repository = Callable[[dict[str, str]], Path]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Writes the files of a repository, and gives its folder."""

    def write(files: dict[str, str]) -> Path:
        root = tmp_path / "repository"
        root.mkdir(exist_ok=True)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return root

    return write


def proto(package: str, imported: str = "") -> str:
    line = f'import "{imported}";\n' if imported else ""
    return f'syntax = "proto3";\npackage {package};\n{line}message Thing {{ string name = 1; }}\n'


def pact(consumer: str, provider: str) -> str:
    return json.dumps({"consumer": {"name": consumer}, "provider": {"name": provider}, "interactions": []})


OPENAPI = 'openapi: 3.1.0\ninfo: {title: Shop, version: "1"}\npaths: {}\n'
