"""The sign by which an OpenAPI document is told from other inputs."""

from __future__ import annotations

import re
from pathlib import Path

from servanda.documents import DocumentLimits

ENDINGS = (".json", ".yaml", ".yml")
_VERSION = re.compile(r"""^[^\S\n]*(?:\{\s*)?["']?(openapi|swagger)["']?\s*:""", re.MULTILINE)


def is_document(path: Path) -> bool:
    """Tell whether a file says that it is an OpenAPI document; an image as JSON does not."""
    if path.suffix not in ENDINGS or not path.is_file():
        return False
    with path.open("rb") as file:
        return _VERSION.search(file.read(DocumentLimits().size).decode("utf-8-sig", errors="replace")) is not None
