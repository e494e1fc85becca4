"""Container images: found in the engine by name, run by id; what they hold beside their programs is copied once."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from servanda.configuration import Configuration
from servanda.errors import ConfigurationError, ProcessError
from servanda.processes import Bounds, Finished, run_tool
from servanda.supervision import LABEL, Engine, Image, Source, engine_of
from servanda.versions.builds.keeping import kept
from servanda.versions.plan import Version

PREFIX: Final = "image:"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@-]{0,999}")
_PYTHON: Final = "python"
_ANSWER_SECONDS: Final = 30.0
_UNREACHABLE: Final = re.compile(
    r"cannot connect|is the docker daemon running|permission denied|connection refused", re.IGNORECASE
)
_NO_FOLDER: Final = re.compile(r"could not find the file|no such file or directory", re.IGNORECASE)


def image_version(text: str, environ: Mapping[str, str]) -> Version:
    """Return the version that an image is, called by the last part of its name.

    Args:
        text: ``image:`` and the name of an image that the engine has.
        environ: Environment that names the engine.

    Raises:
        ConfigurationError: No engine answers, or it has no such image.
        ProcessError: There is no client of an engine.
    """
    name = text.removeprefix(PREFIX)
    # The client makes a path of a request of it.
    if not _NAME.fullmatch(name) or ".." in name:
        raise ConfigurationError(
            "names no image", where=text, hint="name one that 'docker images' shows: image:NAME:TAG"
        )
    return Version(name.rpartition("/")[2], image=name, digest=str(_inspected(name, engine_of(environ))["Id"]))


async def copied(version: Version, configuration: Configuration, folder: Path, environ: Mapping[str, str]) -> Source:
    """Return an image as the source of processes, with a copy of its working directory, which is made once.

    Args:
        version: A version with an image.
        configuration: That of the working tree.
        folder: Where builds are kept.
        environ: Environment that names the engine.

    Raises:
        ConfigurationError: No engine answers, or it does not have the image any more.
        ProcessError: There is no client of an engine, or what the image holds cannot be copied.
    """
    engine = engine_of(environ)
    found = await asyncio.to_thread(_inspected, version.digest, engine, version.image)
    inside = str((found.get("Config") or {}).get("WorkingDir") or "/")
    bounds = Bounds(configuration.limits.command_seconds)

    async def make(place: Path) -> None:
        tree = place / "tree"
        await asyncio.to_thread(tree.mkdir, parents=True, mode=0o700)
        # Of an image that works in its root, everything would be copied.
        if inside != "/":
            await asyncio.to_thread(_copy, version, inside, tree, engine, bounds)

    place = await kept(folder, [version.digest], make)
    return Source(place / "tree", python=_PYTHON, image=Image(version.digest, engine), digest=version.digest)


def _inspected(name: str, engine: Engine, shown: str = "") -> Mapping[str, Any]:
    shown = shown or name
    done = _told(engine, ("image", "inspect", "--format", "{{json .}}", "--", name), Bounds(_ANSWER_SECONDS))
    if done.code == 0:
        found: Mapping[str, Any] = json.loads(done.output)
        return found
    where = f"{PREFIX}{shown}"
    if _UNREACHABLE.search(done.complaint):
        hint = "start it, or name its address: DOCKER_HOST"
        raise ConfigurationError(f"the container engine is not reachable: {done.complaint}", where=where, hint=hint)
    what = "the engine has no such image" if shown == name else f"the engine does not have the image {name} of the plan"
    hint = f"docker pull {shown}, or build it: docker build --tag {shown} ."
    raise ConfigurationError(f"{what}: {done.complaint}", where=where, hint=hint)


def _copy(version: Version, inside: str, tree: Path, engine: Engine, bounds: Bounds) -> None:
    name = f"servanda-copy-{uuid4().hex[:12]}"
    create = ("create", "--pull", "never", "--network", "none", "--name", name, "--label", f"{LABEL}={name}")
    try:
        # Never started; an image without a command needs one all the same.
        _require(_told(engine, (*create, version.digest, "none"), bounds), version)
        done = _told(engine, ("cp", f"{name}:{inside.rstrip('/')}/.", str(tree)), bounds)
        # It is made when a container starts.
        if not _NO_FOLDER.search(done.complaint):
            _require(done, version)
    finally:
        _told(engine, ("rm", "--force", "--volumes", name), Bounds(_ANSWER_SECONDS))


def _told(engine: Engine, words: tuple[str, ...], bounds: Bounds) -> Finished:
    return run_tool((engine.program, *words), dict(engine.variables), bounds=bounds)


def _require(done: Finished, version: Version) -> None:
    if done.code:
        what = f"what the image holds cannot be copied: {done.complaint}"
        raise ProcessError(what, where=f"{PREFIX}{version.image}", hint="look at the log of the engine")
