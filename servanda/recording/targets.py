"""Where the contracts of a run go."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from servanda.configuration import Configuration

PACT_DIR: Final = "SERVANDA_PACT_DIR"
"""Environment variable that names another folder than the configured one."""


def pact_folder(configuration: Configuration) -> Path:
    """The folder that the environment names, else the configured one."""
    named = os.environ.get(PACT_DIR)
    return Path(named) if named else configuration.contracts.pacts
