"""The key of a user's seals."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from servanda.cache.folder import in_examined_tree, user_folder
from servanda.errors import ConfigurationError

KEY_BYTES = 32
_VARIABLE = "SERVANDA_CACHE_KEY"
_SHORTEST = 32
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def cache_key(environ: Mapping[str, str]) -> bytes | None:
    """Read this user's key, or make it.

    It is ``cache.key`` in the folder ``servanda`` of ``XDG_STATE_HOME`` or ``~/.local/state``, apart from the cache, so
    that a cache that came from elsewhere does not bring its own. ``SERVANDA_CACHE_KEY`` stands in for it where a home
    does not outlive the run.

    Returns:
        None if it cannot be kept anywhere: then nothing of a cache is believed.

    Raises:
        ConfigurationError: The variable is too short to be a key, or other users can read the file.
    """
    given = environ.get(_VARIABLE)
    if given:
        return _derived(given)
    path = user_folder("XDG_STATE_HOME", ".local/state", environ) / "cache.key"
    if in_examined_tree(path):
        return None
    with suppress(OSError):
        if not os.path.lexists(path):
            _make(path)
        return _read(path)
    return None


def _derived(given: str) -> bytes:
    if len(given) < _SHORTEST:
        raise ConfigurationError(
            f"the key has {len(given)} characters, expected at least {_SHORTEST}",
            where=_VARIABLE,
            hint="create one: openssl rand -hex 32",
        )
    return hashlib.blake2b(given.encode(), digest_size=KEY_BYTES).digest()


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent) as draft:
        draft.write(secrets.token_bytes(KEY_BYTES))
        draft.flush()
        # Of two processes that make one at the same time, both use what was first.
        with suppress(FileExistsError):
            os.link(draft.name, path)


def _read(path: Path) -> bytes | None:
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(file)
        content = os.read(file, KEY_BYTES + 1) if stat.S_ISREG(status.st_mode) else b""
    finally:
        os.close(file)
    if status.st_uid != os.geteuid() or status.st_mode & _OTHERS or len(content) != KEY_BYTES:
        raise ConfigurationError(
            f"the key of the cache is not a file of {KEY_BYTES} bytes that only user {os.geteuid()} can read",
            where=str(path),
            hint="delete it: the next run creates a new key and fills the cache again",
        )
    return content
