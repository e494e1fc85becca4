"""The folder of the cache: this user's own, and no part of what is examined."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from servanda.errors import ConfigurationError
from servanda.processes import repository_top

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_ELSEWHERE = "set SERVANDA_CACHE to a folder that you own, outside of the repository"


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Find the folder for what is kept between runs; it may not be there yet.

    ``SERVANDA_CACHE`` names it; else it is ``servanda`` in ``XDG_CACHE_HOME`` or ``~/.cache`` (XDG Base Directory
    Specification 0.8, which also says that a relative path counts as none).

    Raises:
        ConfigurationError: It lies in the repository of the working directory, belongs to another user, or others can
            write to it.
    """
    chosen = environ.get("SERVANDA_CACHE")
    if not chosen:
        return _own(user_folder("XDG_CACHE_HOME", ".cache", environ))
    folder = Path(chosen).absolute()
    if in_examined_tree(folder):
        raise ConfigurationError(
            "the cache folder is inside the examined repository: a change could bring a forged cache",
            where=str(folder),
            hint=_ELSEWHERE,
        )
    return _own(folder)


def user_folder(variable: str, default: str, environ: Mapping[str, str]) -> Path:
    """Name the suite's folder among those of this user, of the kind that a variable of the XDG specification names."""
    named = Path(environ.get(variable) or "")
    return (named if named.is_absolute() else Path.home() / default) / "servanda"


def in_examined_tree(path: Path) -> bool:
    """Tell whether a path lies in the repository of the working directory, symbolic links followed."""
    top = repository_top(Path.cwd())
    return top is not None and path.resolve().is_relative_to(top.resolve())


def _own(folder: Path) -> Path:
    for each in (folder, *folder.parents):
        if each.is_symlink() and (owner := each.lstat().st_uid) not in (0, os.geteuid()):
            # Whoever made it would choose the folder of this user that is made private and written into.
            raise ConfigurationError(
                f"the symbolic link '{each}' on the path of the cache belongs to user {owner}, expected {os.geteuid()}",
                where=str(folder),
                hint=_ELSEWHERE,
            )
    try:
        status = folder.stat()
    except OSError:
        return folder
    if not stat.S_ISDIR(status.st_mode):
        return folder
    if status.st_uid != os.geteuid():
        raise ConfigurationError(
            f"the cache belongs to user {status.st_uid}, expected the current user {os.geteuid()}",
            where=str(folder),
            hint=f"change its owner, or {_ELSEWHERE}",
        )
    if status.st_mode & _OTHERS_WRITE:
        raise ConfigurationError(
            f"other users can write to the cache: its mode is {stat.S_IMODE(status.st_mode):04o}, expected 0700",
            where=str(folder),
            hint=f"delete it, or make it private: chmod 700 {folder}",
        )
    if status.st_mode & _OTHERS:
        with suppress(OSError):
            folder.chmod(0o700)
    return folder
