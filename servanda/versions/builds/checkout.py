"""Checkouts of commits, installed by their own lock files and kept by what they are."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import os
import shlex
import shutil
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from servanda.cache.locks import held
from servanda.configuration import Configuration
from servanda.documents import Boundary, make_generated_folder
from servanda.errors import ConfigurationError, ProcessError, SupervisionError
from servanda.processes import CommandBounds, Git, has_program, make_private_folder, repository_top, run_command
from servanda.supervision import Source
from servanda.versions.plan import Version

_DONE: Final = "done"
_LOCK: Final = "uv.lock"
_BY_LOCK: Final = ("uv", "sync", "--frozen")
# They say which environment is installed into; each version has its own.
_OF_THE_SUITE: Final = ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "UV_PROJECT", "PYTHONPATH", "PYTHONHOME")


class Checkouts:
    """Makes versions ready to run.

    Args:
        configuration: That of the working tree.
        folder: Where checkouts are kept.
        environ: Environment that builds start from.
    """

    def __init__(self, configuration: Configuration, folder: Path, environ: Mapping[str, str]) -> None:
        self._configuration = configuration
        self._folder = folder
        self._environ = environ

    async def source(self, version: Version) -> Source:
        """Return where the code of a version is; it is checked out and built unless that was done before.

        Raises:
            ConfigurationError: It has no lock file and no command builds it.
            ProcessError: git refuses, or the build fails.
            LimitError: The build does not end in time.
        """
        configuration = self._configuration
        if version.folder:
            return self._ready(configuration.root / version.folder, "")
        if not version.commit:
            return Source(configuration.root)
        top = repository_top(configuration.root)
        if top is None:
            raise ConfigurationError(
                "this is no git repository", where=version.name, hint="name the folder of a checkout"
            )
        within = configuration.root.resolve().relative_to(top)
        place = self._folder / _key(version.commit, configuration.versions.build)
        make_generated_folder(self._folder, Boundary.around(self._folder.parent, SupervisionError))
        make_private_folder(self._folder)
        await self._make(place, Git(top), version, within)
        return self._ready(place / "tree" / within, version.commit)

    def _ready(self, folder: Path, commit: str) -> Source:
        python = folder / self._configuration.versions.python
        return Source(folder, commit, os.fspath(python) if python.is_file() else "")

    async def _make(self, place: Path, repository: Git, version: Version, within: Path) -> None:
        lock = held(place, alone=True)
        # Somebody else may be building it, which takes its time.
        await asyncio.to_thread(lock.__enter__)
        try:
            if (place / _DONE).exists():
                return
            try:
                await _extracted(place, repository, version)
                await self._build(place / "tree" / within, version)
            except BaseException:
                await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)
                raise
            (place / _DONE).touch()
        finally:
            lock.__exit__(None, None, None)

    async def _build(self, folder: Path, version: Version) -> None:
        command = self._configuration.versions.build or self._by_lock(folder, version)
        if not command:
            return
        environment = {name: value for name, value in self._environ.items() if name not in _OF_THE_SUITE}
        where = f"{version.name}: {shlex.join(command)}"
        if not has_program(command[0], environment, folder):
            hint = "install it, or name another command: [versions] build"
            raise ConfigurationError(f"the program '{command[0]}' cannot be found", where=where, hint=hint)
        limits = self._configuration.limits
        ended = await run_command(command, environment, folder, CommandBounds(limits.command_seconds, limits.output))
        if ended.code:
            said = "\n".join(ended.lines[-20:]) or "(no output)"
            hint = "a version is built by its own lock file; [versions] build names another command"
            raise ProcessError(f"the version could not be built: code {ended.code}\n{said}", where=where, hint=hint)

    def _by_lock(self, folder: Path, version: Version) -> tuple[str, ...]:
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


def _key(commit: str, build: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps([commit, build]).encode()).hexdigest()[:16]


def _extract(place: Path, repository: Git, version: Version) -> None:
    shutil.rmtree(place, ignore_errors=True)
    tree = place / "tree"
    tree.mkdir(parents=True, mode=0o700)
    content = repository.run("archive", "--format=tar", version.commit)
    try:
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            archive.extractall(tree, filter="data")
    except (tarfile.TarError, OSError) as error:
        hint = "links of a tree may not lead out of it"
        raise ProcessError(f"cannot be checked out: {error}", where=version.name, hint=hint) from error
