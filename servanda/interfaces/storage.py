"""A folder for what can be made again at any time."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from servanda.cache import DRAFT, SEAL_BYTES, Seal, cache_key, same

_KEPT, _KEPT_BYTES = 32, 256 << 20
# Another one whenever something is written otherwise: what another version wrote is not read.
_FORMAT = b"servanda 3\n"
_HEADER = len(_FORMAT) + SEAL_BYTES
_BUFFER = 1 << 20


class Storage:
    """Contents by name, each under this user's seal.

    A folder that cannot be written to, or holds something else, only costs time.

    Args:
        folder: The folder, see :func:`servanda.cache.cache_folder`.
        environ: The environment of this process, which tells where the key of the seals is.
    """

    def __init__(self, folder: Path, environ: Mapping[str, str] = os.environ) -> None:
        self._folder = folder
        self._environ = environ

    def read(self, name: str) -> memoryview | None:
        """Read a content as it was written.

        Returns:
            None if there is none, or if it is damaged, of another version or not sealed by this user under this name.

        Raises:
            ConfigurationError: The user's key is no secret.
        """
        file = self._folder / name
        try:
            data = memoryview(_bytes(file))
            header, content = bytes(data[:_HEADER]), data[_HEADER:]
            if not header.startswith(_FORMAT) or not same(header, self._header(name, (content,))):
                return None
            os.utime(file, follow_symlinks=False)
        except OSError:
            return None
        return content

    def write(self, name: str, *parts: bytes) -> None:
        """Keep a content; of the contents with the same suffix, those go that nobody asked for in the longest time.

        Raises:
            ConfigurationError: The user's key is no secret.
        """
        header = self._header(name, parts)
        if not header:
            return
        with contextlib.suppress(OSError):
            # Another process may read it meanwhile: it sees the whole file or none.
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                dir=self._folder, prefix=DRAFT, delete=False, buffering=_BUFFER
            ) as scratch:
                scratch.write(header)
                scratch.writelines(parts)
            Path(scratch.name).replace(self._folder / name)
            self._forget(Path(name).suffix)

    @cached_property
    def _seal(self) -> Seal | None:
        key = cache_key(self._environ)
        return Seal(key) if key is not None else None

    def _header(self, name: str, parts: Iterable[bytes | memoryview]) -> bytes:
        return _FORMAT + self._seal.content(name, parts) if self._seal is not None else b""

    def _forget(self, suffix: str) -> None:
        files = sorted(self._folder.glob(f"*{suffix}"), key=lambda file: file.lstat().st_mtime)
        size = 0
        for count, file in enumerate(reversed(files), start=1):
            size += file.lstat().st_size
            if count > _KEPT or (size > _KEPT_BYTES and count > 1):
                file.unlink(missing_ok=True)


def _bytes(path: Path) -> bytes:
    # Neither a link nor a pipe: the one leads elsewhere, the other never ends.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return b""
        return file.read()
