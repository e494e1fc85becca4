"""Putting the plugin where the Pact library finds it, and nothing else there."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Final

PLUGIN: Final = "protobuf"
VERSION: Final = "0.7.1"
"""Version of the stock plugin whose document shape is written."""


def install(folder: Path) -> None:
    """Write the plugin's manifest below a folder and make this process and its children look for plugins only there.

    The Pact library downloads a plugin that it does not find; after this it finds the only one that it is asked for.
    """
    manifest = {
        "manifestVersion": 1,
        "pluginInterfaceVersion": 1,
        "name": PLUGIN,
        "version": VERSION,
        "executableType": "exec",
        "entryPoint": sys.executable,
        "args": ["-m", "servanda.recording.plugin"],
        "pluginConfig": {},
    }
    home = folder / f"{PLUGIN}-{VERSION}"
    home.mkdir(parents=True, exist_ok=True)
    (home / "pact-plugin.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    os.environ["PACT_PLUGIN_DIR"] = str(folder)
    forbid_tracking()


def forbid_tracking() -> None:
    """Keep the Pact library from reporting its use; to be called before it is imported."""
    os.environ["PACT_DO_NOT_TRACK"] = "true"
