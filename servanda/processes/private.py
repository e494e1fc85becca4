"""Files and folders that their owner alone can read: what a process says may repeat what it was told."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO, cast

from servanda.errors import ProcessError


def make_private_folder(folder: Path) -> None:
    """Make a folder with mode 0700, and those above it; one that is there gets that mode.

    Raises:
        ProcessError: It cannot be made, or is somebody else's.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise ProcessError(
            f"the folder cannot be made private: {error.strerror}",
            where=str(folder),
            hint="remove it, or change its owner",
        ) from error


def append_to_private_file(path: Path) -> BinaryIO:
    """Open a file for appending without a buffer; a new one gets mode 0600.

    Raises:
        OSError: It cannot be opened.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    return cast("BinaryIO", os.fdopen(descriptor, "ab", buffering=0))
