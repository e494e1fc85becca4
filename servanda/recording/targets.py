"""Folders and files that the contracts and usage logs of a run go to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from servanda.configuration import Configuration
from servanda.documents import Boundary
from servanda.errors import ConfigurationError
from servanda.interfaces.usage.sources import usage_logs_folder

PACT_DIR: Final = "SERVANDA_PACT_DIR"
"""Environment variable that names another folder for contracts than the configured one."""

USAGE_DIR: Final = "SERVANDA_USAGE_DIR"
"""Environment variable that names another folder for usage logs than ``usage`` beside the pacts."""


def pact_folder(configuration: Configuration, environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder for contracts: the one that the environment names, else the configured one."""
    named = environ.get(PACT_DIR)
    return Path(named) if named else configuration.contracts.pacts


def usage_folder(configuration: Configuration, environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder for usage logs: the one that the environment names, else ``usage`` beside the pacts.

    Raises:
        ContractError: The folder beside the pacts is a link that leads out of the tree.
    """
    named = environ.get(USAGE_DIR)
    return Path(named) if named else usage_logs_folder(configuration)


def log_target(configuration: Configuration, out: Path | None, consumer: str, tool: str) -> tuple[Path, Boundary]:
    """Return the file for a usage log in lines, and the tree that it may not leave.

    Args:
        configuration: Says where usage logs are.
        out: The file that somebody named, which may lie anywhere; else it lies beside the other usage logs.
        consumer: Name of the consumer.
        tool: What makes the log.

    Raises:
        ConfigurationError: The consumer's name is no name of a file.
        ContractError: The folder of usage logs is a link that leads out of the tree.
    """
    if out is not None:
        return out, Boundary.around(out.absolute().parent, ConfigurationError)
    if Path(consumer).name != consumer:
        raise ConfigurationError(f"the consumer '{consumer}' is no file name", hint="name a file with --out")
    folder = usage_folder(configuration)
    return folder / f"{consumer}.{tool}.jsonl", Boundary.around(folder, ConfigurationError)
