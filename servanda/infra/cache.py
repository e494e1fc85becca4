"""Files prepared once per host and used by every later run."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from servanda.cache import SEAL, Seal, bound, cache_key, held, most_bytes, same, touch
from servanda.errors import ConfigurationError, InfrastructureError
from servanda.processes import find_program, run_tool, tool_environment

_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  the point is the file system, and each run gets a private folder in it
_ROOM_FOR_A_RUN = 256 * 1024 * 1024
# An owner who is not root cannot be kept, and one who is must not be: the copy belongs to who makes it.
_COPY = ("--recursive", "--no-dereference", "--preserve=mode,timestamps,links", "--reflink=auto", "--")


@contextmanager
def prepared(
    cache: Path, name: str, build: Callable[[Path], None], environ: Mapping[str, str] = os.environ
) -> Iterator[Path]:
    """Yield the folder ``name`` of the cache; built first if it is not there, or not as it was built.

    Safe among processes: one builds, the others wait. A build that fails leaves nothing behind. Within the block nobody
    removes the folder; after a build the cache is brought below its bound.

    Args:
        cache: Root of the cache, see :func:`servanda.cache.cache_folder`.
        name: Name of the entry; it changes with everything that the content depends on.
        build: Fills the folder that it is given. That folder keeps its path, so content may name it.
        environ: The environment of this process, which tells where the key of the seals is.

    Raises:
        ConfigurationError: The user's key is no secret.
    """
    entry = cache / name
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = cache_key(environ)
    seal = Seal(key) if key is not None else None
    is_usable = False
    while True:
        with held(entry, alone=False):
            # Without a key nothing is believed but what was just built.
            if (is_usable and entry.is_dir()) or _sealed(entry, seal):
                touch(_seal_file(entry))
                yield entry
                return
        with held(entry, alone=True):
            if not _sealed(entry, seal):
                _rebuild(entry, build, seal)
                is_usable = seal is None
        bound(cache, most_bytes(environ))


def _sealed(entry: Path, seal: Seal | None) -> bool:
    if seal is None or entry.is_symlink():
        return False
    with suppress(OSError, ConfigurationError):
        return same(_seal_file(entry).read_bytes(), seal.folder(entry.name, entry))
    return False


def _rebuild(entry: Path, build: Callable[[Path], None], seal: Seal | None) -> None:
    _remove(_seal_file(entry))
    _remove(entry)
    entry.mkdir(mode=0o700)
    try:
        build(entry)
        if seal is not None:
            _seal_file(entry).write_bytes(seal.folder(entry.name, entry))
    except BaseException:
        _remove(entry)
        raise


def _seal_file(entry: Path) -> Path:
    return entry.with_name(f"{entry.name}{SEAL}")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def run_folder(name: str) -> Path:
    """Make a new private folder for the data of one run, in memory where there is room."""
    roomy = _SHARED_MEMORY.is_dir() and shutil.disk_usage(_SHARED_MEMORY).free > _ROOM_FOR_A_RUN
    return Path(tempfile.mkdtemp(prefix=f"servanda-{name}-", dir=_SHARED_MEMORY if roomy else None))


def copy_folder(source: Path, target: Path, environ: Mapping[str, str] = os.environ) -> None:
    """Copy a folder or a file with everything in it; ``target`` must not exist yet.

    Raises:
        InfrastructureError: It could not be copied.
    """
    # cp copies the thousand small files of a database cluster several times faster than shutil does.
    command = (str(find_program("cp", environ)), *_COPY, str(source.absolute()), str(target.absolute()))
    done = run_tool(command, tool_environment(environ))
    if done.code != 0:
        raise InfrastructureError(f"{source} could not be copied: {done.complaint}", where=str(target))
