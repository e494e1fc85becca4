"""Checkouts of commits, installed by their own lock files."""

from __future__ import annotations

import asyncio
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from servanda.configuration import Configuration
from servanda.errors import ConfigurationError, ProcessError
from servanda.processes import Git, repository_top
from servanda.versions.builds.building import build
from servanda.versions.builds.keeping import kept
from servanda.versions.plan import Version

_LOCK: Final = "uv.lock"
_BY_LOCK: Final = ("uv", "sync", "--frozen")
_HINT: Final = "a version is built by its own lock file; [versions] build names another command"


async def checked_out(version: Version, configuration: Configuration, folder: Path, environ: Mapping[str, str]) -> Path:
    """Return the folder of the configuration in the checkout of a commit, which is built there.

    Args:
        version: A version with a commit.
        configuration: That of the working tree.
        folder: Where builds are kept.
        environ: Environment that builds start from.

    Raises:
        ConfigurationError: This is no git repository, or the version has no lock file and no command builds it.
        ProcessError: git refuses, or the build fails.
        LimitError: The build does not end in time.
    """
    top = repository_top(configuration.root)
    if top is None:
        raise ConfigurationError("this is no git repository", where=version.name, hint="name the folder of a checkout")
    within = configuration.root.resolve().relative_to(top)

    async def make(place: Path) -> None:
        await _extracted(place, Git(top), version)
        tree = place / "tree" / within
        if command := configuration.versions.build or _by_lock(tree, version):
            await build(command, environ, tree, configuration.limits, named=version.name, hint=_HINT)

    return await kept(folder, [version.commit, configuration.versions.build], make) / "tree" / within


def _by_lock(folder: Path, version: Version) -> tuple[str, ...]:
    if (folder / _LOCK).is_file():
        return _BY_LOCK
    if (folder / "pyproject.toml").is_file():
        what = f"the version has a pyproject.toml and no {_LOCK}: what it ran with cannot be told"
        hint = "name a command that installs it: [versions] build"
        raise ConfigurationError(what, where=version.name, hint=hint)
    return ()


async def _extracted(place: Path, repository: Git, version: Version) -> None:
    work = asyncio.ensure_future(asyncio.to_thread(_extract, place, repository, version))
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        # A thread cannot be cancelled: it would go on writing to what is removed next.
        await asyncio.wait((work,))
        raise


def _extract(place: Path, repository: Git, version: Version) -> None:
    tree = place / "tree"
    tree.mkdir(parents=True, mode=0o700)
    content = repository.run("archive", "--format=tar", version.commit)
    try:
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            archive.extractall(tree, filter="data")
    except (tarfile.TarError, OSError) as error:
        hint = "links of a tree may not lead out of it"
        raise ProcessError(f"cannot be checked out: {error}", where=version.name, hint=hint) from error
