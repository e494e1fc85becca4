"""Folders of installed packages that bring servers."""

from __future__ import annotations

import importlib.util
from importlib import metadata
from pathlib import Path

from servanda.errors import InfrastructureError


def package_folder(name: str) -> Path:
    """Return the folder of an installed package, without importing it.

    Raises:
        InfrastructureError: It is not installed.
    """
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise InfrastructureError(
            f"the package {name} is not installed", hint="install servanda[embedded], or choose docker or external"
        )
    return Path(spec.origin).parent


def package_version(distribution: str) -> str:
    """Return the version of an installed distribution."""
    return metadata.version(distribution)
