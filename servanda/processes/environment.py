"""The environment and the program of a tool: what a tree under examination cannot influence."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from servanda.errors import ProcessError

# A tool needs to find programs, its user's settings, temporary space and certificates; it needs no secrets.
_KEPT = (
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SYSTEMROOT",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
)


def tool_environment(environ: Mapping[str, str], **additions: str) -> dict[str, str]:
    """Reduce an environment to what a tool needs.

    Args:
        environ: The environment of this process.
        additions: Variables that this tool needs besides.
    """
    kept = {name: environ[name] for name in _KEPT if name in environ}
    return {**kept, "PATH": search_path(environ), "LC_ALL": "C.UTF-8", **additions}


def search_path(environ: Mapping[str, str]) -> str:
    """Keep the absolute folders of ``PATH``: a relative one would be looked up in the tree."""
    folders = environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if Path(folder).is_absolute())


def find_program(name: str, environ: Mapping[str, str]) -> Path:
    """Find a program in the absolute folders of ``PATH``.

    Raises:
        ProcessError: There is none.
    """
    found = shutil.which(name, path=search_path(environ))
    if found is None:
        raise ProcessError(f"the program '{name}' cannot be found", hint=f"install {name}")
    return Path(found)


def has_program(name: str, environ: Mapping[str, str], folder: Path) -> bool:
    """Tell whether a command of the repository can be started: as a path from its folder, or by its name."""
    if os.sep in name:
        return os.access(folder / name, os.X_OK) and (folder / name).is_file()
    return shutil.which(name, path=environ.get("PATH")) is not None


def isolated_python(script: Path, *arguments: str) -> tuple[str, ...]:
    """Command that runs a script of the suite with installed packages only.

    ``-I`` keeps the working directory, ``PYTHON*`` variables and the user's own packages out of the search for modules.
    """
    return (sys.executable, "-I", str(script), *arguments)
