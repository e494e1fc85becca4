"""What a verdict is about, and what gave it."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping

from treaty.compatibility.releases import newest
from treaty.configuration import Configuration, revision
from treaty.errors import ConfigurationError


def versions(configuration: Configuration) -> Mapping[str, str]:
    """What was examined, with what, and compared with what."""
    base = newest(configuration.interfaces.releases)
    known = {"treaty": importlib.metadata.version("treaty"), "base": base.stem if base else "none"}
    try:
        state = revision(configuration.root)
    except ConfigurationError:
        return known  # a workspace outside git has contracts all the same
    return {**known, "commit": f"{state.commit[:12]}{'+' if state.dirty else ''}"}
