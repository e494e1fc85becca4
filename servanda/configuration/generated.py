"""Secrets that nobody chose: made at random when they are first needed, and kept for every later start."""

from __future__ import annotations

import os
import secrets
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from servanda.documents import Boundary, make_generated_folder
from servanda.errors import ConfigurationError
from servanda.processes import make_private_folder

FOLDER: Final = Path(".servanda", "secrets")
"""Where they are kept, from the folder of the configuration; git ignores it."""
SECRET_BYTES: Final = 32
"""Bytes of randomness in each; it is written as base64url (RFC 4648, section 5) without padding."""
_CHARACTERS: Final = (SECRET_BYTES * 8 + 5) // 6
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def generated_secret(root: Path, name: str, where: str) -> str:
    """Return the secret of this name, which is made if it is not there yet.

    Args:
        root: Folder of the configuration.
        name: Name of the secret, and of its file.
        where: The key in the configuration, for errors.

    Raises:
        ConfigurationError: It cannot be written or read, or what is there is no secret that its owner alone can read.
        ProcessError: Its folder cannot be made private.
    """
    folder = root / FOLDER
    path = folder / name
    boundary = Boundary.around(root, ConfigurationError)
    try:
        if not os.path.lexists(path):
            make_generated_folder(folder, boundary)
            make_private_folder(folder)
            _make(path)
        return _read(boundary.inside(folder) / name)
    except OSError as error:
        what = f"the generated secret cannot be kept: {error.strerror}"
        hint = f"make {folder} writable, or set the environment variable {name}"
        raise ConfigurationError(what, where=where, hint=hint) from error


def _make(path: Path) -> None:
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:
        draft.write(secrets.token_urlsafe(SECRET_BYTES))
        draft.flush()
        # Of two commands that make it at the same time, both use what was first.
        with suppress(FileExistsError):
            os.link(draft.name, path)


def _read(path: Path) -> str:
    # A tree can bring a file or a link of this name, with a value that somebody else knows.
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(file)
        content = os.read(file, _CHARACTERS + 1) if stat.S_ISREG(status.st_mode) else b""
    finally:
        os.close(file)
    if status.st_uid != os.geteuid() or status.st_mode & _OTHERS or len(content) != _CHARACTERS:
        raise ConfigurationError(
            f"expected a secret of {_CHARACTERS} characters that only user {os.geteuid()} can read",
            where=str(path),
            hint="delete it: the next start makes a new one",
        )
    return content.decode("ascii", "replace")
