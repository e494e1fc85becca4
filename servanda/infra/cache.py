"""What is prepared once per host and used by every later run."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from servanda.errors import InfrastructureError

_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  the point is the file system, and each run gets a private folder in it
_ROOM_FOR_A_RUN = 256 * 1024 * 1024


def prepared(cache: Path, name: str, build: Callable[[Path], None]) -> Path:
    """The folder ``name`` of the cache; built first if it is not there.

    Safe among processes: one builds, the others wait. A build that fails leaves nothing behind.

    Args:
        cache: Root of the cache.
        name: Name of the entry; it changes with everything that the content depends on.
        build: Fills the folder that it is given. That folder keeps its path, so content may name it.
    """
    entry = cache / name
    complete = cache / f"{name}.complete"
    cache.mkdir(parents=True, exist_ok=True)
    if complete.exists():
        return entry
    with FileLock(cache / f"{name}.lock"):
        if not complete.exists():
            shutil.rmtree(entry, ignore_errors=True)
            entry.mkdir()
            try:
                build(entry)
            except BaseException:
                shutil.rmtree(entry, ignore_errors=True)
                raise
            complete.touch()
    return entry


def run_folder(name: str) -> Path:
    """A new private folder for the data of one run, in memory where there is room."""
    roomy = _SHARED_MEMORY.is_dir() and shutil.disk_usage(_SHARED_MEMORY).free > _ROOM_FOR_A_RUN
    return Path(tempfile.mkdtemp(prefix=f"servanda-{name}-", dir=_SHARED_MEMORY if roomy else None))


def copy_folder(source: Path, target: Path) -> None:
    """Copy a folder with everything in it; ``target`` must not exist yet.

    Raises:
        InfrastructureError: It could not be copied.
    """
    # cp copies the thousand small files of a database cluster several times faster than shutil does.
    command = ["cp", "-a", "--reflink=auto", str(source), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise InfrastructureError(f"{source} could not be copied: {done.stderr.strip()}", where=str(target))
