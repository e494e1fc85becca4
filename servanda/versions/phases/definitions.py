"""Protobuf definitions of a version that is ready to run."""

from __future__ import annotations

from pathlib import Path

from servanda.interfaces.protobuf.inputs.opening import Opener
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.versions.phases.ready import Ready


def catalogue_of(ready: Ready, cache: Path) -> Catalogue | None:
    """Return what a version declares; ``None`` if it has no definitions of its own.

    Args:
        ready: The version.
        cache: Folder of what is kept of definitions.

    Raises:
        InterfaceError: They cannot be read.
    """
    configuration = ready.configuration
    root = configuration.interfaces.root
    # Those of another version say nothing of this one.
    if not (ready.is_described and root.is_dir()):
        return None
    opener = Opener(configuration.root, cache, configuration.limits)
    return Catalogue(opener.open_folder(str(root.relative_to(configuration.root))).state)
