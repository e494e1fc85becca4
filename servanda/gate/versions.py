"""Versions that a verdict is about."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping

from servanda.configuration import Configuration, revision
from servanda.errors import ConfigurationError
from servanda.interfaces.protobuf.releases import newest


def versions(configuration: Configuration) -> Mapping[str, str]:
    """Return what was examined, with what, and compared with what."""
    base = newest(configuration.interfaces.releases)
    known = {"servanda": importlib.metadata.version("servanda"), "base": base.stem if base else "none"}
    try:
        state = revision(configuration.root)
    except ConfigurationError:
        return known  # a workspace outside git has contracts all the same
    return {**known, "commit": f"{state.commit[:12]}{'+' if state.dirty else ''}"}
