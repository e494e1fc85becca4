"""Wheels, installed with the dependencies that the lock file beside them names, and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import sys
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from servanda.configuration import Configuration
from servanda.documents import read_bytes
from servanda.errors import ConfigurationError
from servanda.supervision import Source
from servanda.versions.builds.building import build
from servanda.versions.builds.keeping import kept
from servanda.versions.builds.mirroring import mirror
from servanda.versions.plan import Version

SUFFIX: Final = ".whl"
LOCK: Final = "pylock.toml"
_MOST_BYTES: Final = 1 << 30
# Name, version, perhaps a number of the build, and what it is for (PEP 427).
_FILE: Final = re.compile(r"([A-Za-z0-9_.]+)-([A-Za-z0-9_.!+]+)(?:-\d[A-Za-z0-9_.]*)?(?:-[A-Za-z0-9_.]+){3}\.whl")
_EXPORT: Final = "uv export --frozen --no-dev --no-emit-project --format pylock.toml -o {lock}"
_OTHERWISE: Final = "or name the git reference that it was built from"


def wheel_version(text: str, configuration: Configuration) -> Version:
    """Return the version that a wheel is, called by the name and the version in its file name.

    Args:
        text: Its file, relative to the root of the configuration.
        configuration: That of the working tree.

    Raises:
        ConfigurationError: There is no such file, it is no wheel, or has no lock file.
    """
    name = _FILE.fullmatch(Path(text).name)
    if name is None:
        what = "the name of a wheel is NAME-VERSION-PYTHON-ABI-PLATFORM.whl"
        raise ConfigurationError(what, where=text, hint="name the file as the build wrote it")
    return Version(f"{name[1]}-{name[2]}", wheel=text, digest=digest_of(text, configuration))


def digest_of(text: str, configuration: Configuration) -> str:
    """Return the hash of what a wheel and its lock file hold.

    Raises:
        ConfigurationError: There is no such file, it is no wheel, or has no lock file.
    """
    wheel = configuration.root / text
    if not wheel.is_file():
        what = "is a folder, and no wheel" if wheel.is_dir() else "there is no such wheel"
        raise ConfigurationError(what, where=text, hint="build it: uv build --wheel")
    if not zipfile.is_zipfile(wheel):
        raise ConfigurationError("is no wheel: it cannot be opened as a zip file", where=text, hint="build it again")
    lock = wheel.with_name(LOCK)
    shown = os.path.relpath(lock, configuration.root)
    export = _EXPORT.format(lock=shown)
    if not lock.is_file():
        what = f"a version without its lock file: there is no {LOCK} beside the wheel, so what it ran with is unknown"
        raise ConfigurationError(what, where=text, hint=f"{export}, where it was built; {_OTHERWISE}")
    held = tuple(read_bytes(path, str(path), _MOST_BYTES, ConfigurationError) for path in (wheel, lock))
    _require_locked(held[1], shown, export)
    hashes = "".join(hashlib.sha256(content).hexdigest() for content in held)
    return f"sha256:{hashlib.sha256(hashes.encode()).hexdigest()}"


def _require_locked(content: bytes, shown: str, export: str) -> None:
    try:
        document: dict[str, Any] = tomllib.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"is no lock file: {error}", where=shown, hint=export) from None
    packages = document.get("packages")
    if "lock-version" not in document or not isinstance(packages, list | type(None)):
        raise ConfigurationError("is no lock file: it has no 'lock-version'", where=shown, hint=export)
    for package in packages or ():
        if isinstance(package, dict) and "directory" in package:
            what = f"locks '{package.get('name')}' as a folder, whose content nothing tells"
            raise ConfigurationError(what, where=shown, hint=f"leave the project out: {export}")


async def installed(version: Version, configuration: Configuration, folder: Path, environ: Mapping[str, str]) -> Source:
    """Return where a wheel is installed; it is installed unless that was done before.

    Args:
        version: A version with a wheel.
        configuration: That of the working tree, which is that of the wheel too.
        folder: Where builds are kept.
        environ: Environment that builds start from.

    Raises:
        ConfigurationError: It is another wheel than that of the plan, or uv is missing.
        ProcessError: It cannot be installed: for another Python, or not with what its lock file names.
        LimitError: That does not end in time.
    """
    require_same(version, configuration)
    wheel = configuration.root / version.wheel

    async def make(place: Path) -> None:
        await asyncio.to_thread(place.mkdir, mode=0o700)
        python = _python(place)
        version_of_python = ".".join(map(str, sys.version_info[:2]))
        hint = f"uv installs a wheel for the Python {version_of_python} that runs Servanda, with what {LOCK} names"
        lock, into = os.fspath(wheel.with_name(LOCK)), ("--quiet", "--python", python)
        for command in (
            ("uv", "venv", "--quiet", "--no-project", "--python", sys.executable, os.fspath(place / "env")),
            ("uv", "pip", "sync", "--allow-empty-requirements", *into, lock),
            ("uv", "pip", "install", "--no-deps", *into, os.fspath(wheel)),
            ("uv", "pip", "check", *into),
        ):
            await build(command, environ, place, configuration.limits, named=version.name, hint=hint)
        # It may have been built anew meanwhile.
        require_same(version, configuration)

    place = await kept(folder, [version.digest, sys.version, sys.base_prefix], make)
    work = place / "work"
    await asyncio.to_thread(mirror, configuration.root, work)
    return Source(work, python=_python(place), installed=os.fspath(place / "env"), digest=version.digest)


def _python(place: Path) -> str:
    return os.fspath(place / "env" / "bin" / "python")


def require_same(version: Version, configuration: Configuration) -> None:
    """Refuse a wheel that is another one than when the plan was made.

    Raises:
        ConfigurationError: It or its lock file holds something else, or is gone.
    """
    found = digest_of(version.wheel, configuration)
    if found != version.digest:
        what = f"the wheel or its lock file is another one than in the plan: expected {_short(version.digest)}"
        raise ConfigurationError(
            f"{what}, found {_short(found)}", where=version.wheel, hint="make a new plan, or bring that wheel back"
        )


def _short(digest: str) -> str:
    return digest[: len("sha256:") + 12]
