"""A folder within the spool for one run or one test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from acme.store import SpoolEndpoint
from servanda.infra.store import no_template


@contextmanager
def isolate(endpoint: SpoolEndpoint, name: str, template: str | None) -> Iterator[SpoolEndpoint]:
    """Give a folder of this name; it goes with the spool."""
    no_template("spool", template)
    folder = Path(endpoint.folder, name)
    folder.mkdir()
    yield replace(endpoint, folder=str(folder))
