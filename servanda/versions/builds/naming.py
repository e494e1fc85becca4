"""Names of versions, and the commits that they are."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from servanda.configuration import Configuration
from servanda.documents import files_in
from servanda.errors import ConfigurationError, InterfaceError, ProcessError
from servanda.processes import Git, repository_top
from servanda.versions.builds.image import PREFIX as IMAGE
from servanda.versions.builds.image import image_version
from servanda.versions.builds.wheel import SUFFIX as WHEEL
from servanda.versions.builds.wheel import wheel_version
from servanda.versions.plan import Version

WORKING_TREE: Final = "working-tree"
_FOLDER: Final = ("./", "../", "/")
_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9._+-]+")
_SHORT: Final = 12


def working_tree() -> Version:
    """Return the version that the working tree is."""
    return Version(WORKING_TREE)


def named_version(text: str, configuration: Configuration, environ: Mapping[str, str] = os.environ) -> Version:
    """Return the version that somebody named.

    Args:
        text: A release, that is the name of an image in the folder of releases; a git reference; the file of a
            wheel; a container image behind ``image:``; or a folder.
        configuration: Says where releases are kept.
        environ: Environment that names the container engine.

    Raises:
        ConfigurationError: There is no such version, or it is a wheel without its lock file.
        ProcessError: It is an image, and there is no client of a container engine.
    """
    if text == WORKING_TREE:
        return working_tree()
    if text.startswith(IMAGE):
        found = image_version(text, environ)
        return replace(found, name=_name(found.name))
    if text.startswith(_FOLDER) and text.endswith(WHEEL):
        found = wheel_version(text, configuration)
        return replace(found, name=_name(found.name))
    if text.startswith(_FOLDER):
        folder = configuration.root / text
        if not folder.is_dir():
            raise ConfigurationError("there is no such folder", where=text, hint="name the folder of a checkout")
        return Version(_name(folder.resolve().name), folder=text)
    repository = _repository(configuration, text)
    image = f"{text}.binpb"
    if image in {path.name for path in files_in(configuration.interfaces.releases, "*.binpb", InterfaceError)}:
        return Version(_name(text), _released(repository, configuration, image, text))
    return Version(_name(text), _commit(repository, text))


def _name(text: str) -> str:
    if _COMMIT.fullmatch(text):
        return text[:_SHORT]
    # It becomes a part of file names and of placeholders.
    return _NOT_IN_NAMES.sub("-", text).strip(".-+_")[:100] or "version"


def _repository(configuration: Configuration, text: str) -> Git:
    top = repository_top(configuration.root)
    if top is None:
        hint = "run it in a git repository, or name the folder of a checkout, ./FOLDER, or a wheel, ./FILE"
        raise ConfigurationError("is no folder, and this is no git repository", where=text, hint=hint)
    return Git(top)


def _released(repository: Git, configuration: Configuration, image: str, text: str) -> str:
    path = os.path.relpath((configuration.interfaces.releases / image).resolve(), repository.top)
    try:
        found = repository.run("log", "--diff-filter=A", "--format=%H", "--", path).decode().split()
    except ProcessError as error:
        raise ConfigurationError(error.what, where=text, hint=error.hint) from error
    if not found:
        what = f"the commit that added {path} is not in the history"
        raise ConfigurationError(
            what, where=text, hint="commit the image, or fetch the whole history: git fetch --unshallow"
        )
    return found[-1]


def _commit(repository: Git, text: str) -> str:
    try:
        # A name that begins with a dash would be an option.
        return repository.run("rev-parse", "--verify", "--end-of-options", f"{text}^{{commit}}").decode().strip()
    except ProcessError:
        known = "a release, or a branch, a tag or a commit that 'git log' shows"
        hint = f"name {known}; a folder: ./FOLDER; a wheel: ./FILE; an image: image:NAME"
        raise ConfigurationError("no such version", where=text, hint=hint) from None
