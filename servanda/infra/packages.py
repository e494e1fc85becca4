"""Folders of installed packages that bring servers."""

from __future__ import annotations

import importlib.util
from importlib import metadata
from pathlib import Path

from servanda.extras import missing


def package_folder(name: str) -> Path:
    """Return the folder of an installed package, without importing it.

    Raises:
        MissingExtraError: It is not installed.
    """
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise missing(name) or ModuleNotFoundError(f"No module named '{name}'", name=name)
    return Path(spec.origin).parent


def package_version(distribution: str) -> str:
    """Return the version of an installed distribution."""
    return metadata.version(distribution)
