"""State of the repository according to git."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from servanda.errors import ConfigurationError, ProcessError
from servanda.processes import Git, repository_top

_HINT = "run it in a git repository with a commit"


@dataclass(frozen=True, slots=True)
class Revision:
    """A state of a git repository.

    Attributes:
        commit: Full hash of the commit.
        branch: Name of the branch; empty if none is checked out.
        dirty: Whether files differ from the commit or are not known to git.
    """

    commit: str
    branch: str
    dirty: bool


def revision(root: Path) -> Revision:
    """Return the state of the repository that this folder lies in.

    Raises:
        ConfigurationError: git is missing, this is no repository or it has no commit yet.
    """
    top = repository_top(root)
    if top is None:
        raise ConfigurationError("not a git repository", where=str(root), hint=_HINT)
    try:
        return _revision(Git(top))
    except ProcessError as error:
        raise ConfigurationError(error.what, where=str(root), hint=error.hint or _HINT) from error


def _revision(repository: Git) -> Revision:
    # What changed within a submodule is its own affair: git would have to run in it to tell.
    status = repository.run("status", "--porcelain", "--ignore-submodules=dirty")
    return Revision(
        commit=repository.run("rev-parse", "--verify", "HEAD").decode().strip(),
        branch=os.fsdecode(repository.run("branch", "--show-current")).strip(),
        dirty=bool(status.strip()),
    )
