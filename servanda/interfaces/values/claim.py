"""The sign by which a folder of formats is told from other inputs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from servanda.documents import DocumentLimits

_FORMATS: Final = re.compile(rb"^\[formats[.\]]", re.MULTILINE)


def holds_formats(folder: Path) -> bool:
    """Tell whether a document that declares formats lies in a folder."""
    return folder.is_dir() and any(map(_declares, sorted(folder.glob("*.toml"))))


def _declares(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return _FORMATS.search(file.read(DocumentLimits().size)) is not None
