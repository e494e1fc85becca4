"""A spool of this run."""

from __future__ import annotations

import shutil
import tempfile

from acme.store import SpoolEndpoint
from servanda.infra.bringup import BringUp, Running
from servanda.verdict import StoreFact


def start(task: BringUp) -> Running:
    """Make a folder that goes with the run."""
    folder = tempfile.mkdtemp(prefix="acme-spool-")
    fact = StoreFact(task.store, "embedded", "Acme spool 1.0")
    return Running(SpoolEndpoint(folder, fact), lambda: shutil.rmtree(folder))
