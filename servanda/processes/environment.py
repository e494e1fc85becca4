"""The environment and the program of a tool: what a tree under examination cannot influence."""

from __future__ import annotations

import os
import shutil
import site
import sys
from collections.abc import Mapping
from pathlib import Path

from servanda.errors import ProcessError

# A tool needs to find programs, its user's settings, temporary space and certificates; it needs no secrets.
_KEPT = ("USER", "LOGNAME", "SYSTEMROOT")
_KEPT_FOLDERS = (
    *("HOME", "TMPDIR", "TEMP", "TMP"),
    *("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "SSL_CERT_FILE", "SSL_CERT_DIR"),
)

_WITH_USER_PACKAGES = (
    "import runpy, sys; sys.path.append(sys.argv[1]); sys.argv[:] = sys.argv[2:]; "
    "runpy.run_path(sys.argv[0], run_name='__main__')"
)


def tool_environment(environ: Mapping[str, str], **additions: str) -> dict[str, str]:
    """Reduce an environment to what a tool needs. A relative path is left out: it would lead into the tree.

    Args:
        environ: The environment of this process.
        additions: Variables that this tool needs besides.
    """
    kept = {name: environ[name] for name in _KEPT if name in environ}
    folders = {name: environ[name] for name in _KEPT_FOLDERS if Path(environ.get(name, "")).is_absolute()}
    return {**kept, **folders, "PATH": search_path(environ), "LC_ALL": "C.UTF-8", **additions}


def search_path(environ: Mapping[str, str], outside: Path | None = None) -> str:
    """Keep the absolute folders of ``PATH``: a relative one would be looked up in the tree.

    Args:
        environ: The environment of this process.
        outside: The tree, if it is known: what lies in it is left out, too.
    """
    folders = [Path(folder) for folder in environ.get("PATH", os.defpath).split(os.pathsep)]
    kept = (folder for folder in folders if folder.is_absolute())
    return os.pathsep.join(
        str(folder) for folder in kept if outside is None or not folder.resolve().is_relative_to(outside)
    )


def find_program(name: str, environ: Mapping[str, str], outside: Path | None = None) -> Path:
    """Find a program in the absolute folders of ``PATH``.

    Args:
        name: Name of the program.
        environ: The environment of this process.
        outside: A tree that may not bring the program, without symbolic links in its path.

    Raises:
        ProcessError: There is none.
    """
    found = shutil.which(name, path=search_path(environ, outside))
    if found is None:
        hint = f"install {name}" if outside is None else f"install {name}; programs below {outside} are not run"
        raise ProcessError(f"the program '{name}' cannot be found", hint=hint)
    return Path(found)


def has_program(name: str, environ: Mapping[str, str], folder: Path) -> bool:
    """Tell whether a command of the repository can be started: as a path from its folder, or by its name."""
    if os.sep in name:
        return os.access(folder / name, os.X_OK) and (folder / name).is_file()
    return shutil.which(name, path=environ.get("PATH")) is not None


def isolated_python(script: Path, *arguments: str, installed: bool = True) -> tuple[str, ...]:
    """Return the command that runs a script of the suite with installed packages only.

    ``-I`` keeps the working directory, ``PYTHON*`` variables and the user's own packages out of the search for modules.
    If the suite itself is one of the user's packages (``pip install --user``), these are installed ones, too.

    Args:
        script: The script.
        arguments: What it is told.
        installed: Whether it needs installed packages; if not, ``-S`` leaves it with the standard library.
    """
    user = Path(site.getusersitepackages())
    if installed and script.is_relative_to(user):
        return (sys.executable, "-I", "-c", _WITH_USER_PACKAGES, str(user), str(script), *arguments)
    return (sys.executable, "-I", *(() if installed else ("-S",)), str(script), *arguments)
