"""Folders of builds, each made once, as a whole or not at all, and kept by what it is made of."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from servanda.cache.locks import held
from servanda.documents import Boundary, make_generated_folder
from servanda.errors import SupervisionError
from servanda.processes import make_private_folder

_DONE: Final = "done"


async def kept(folder: Path, made_of: object, make: Callable[[Path], Awaitable[None]]) -> Path:
    """Return the folder of a build; it is made unless that was done before.

    Args:
        folder: Where builds are kept.
        made_of: Everything that decides what it holds, as JSON values.
        make: Fills the folder, which need not exist; what is left of one that fails is removed.

    Raises:
        SupervisionError: The folder of builds leads out of its tree, or cannot be written to.
        ProcessError: It cannot be made private.
    """
    place = folder / hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:16]
    make_generated_folder(folder, Boundary.around(folder.parent, SupervisionError))
    make_private_folder(folder)
    lock = held(place, alone=True)
    # Somebody else may be building it, which takes its time.
    await asyncio.to_thread(lock.__enter__)
    try:
        if not (place / _DONE).exists():
            await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)
            try:
                await make(place)
            except BaseException:
                await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)
                raise
            (place / _DONE).touch()
    finally:
        lock.__exit__(None, None, None)
    return place
