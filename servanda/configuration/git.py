"""Which state of the repository this is, by git."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from servanda.errors import ConfigurationError


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
    """The state of the repository that this folder lies in.

    Raises:
        ConfigurationError: git is missing, this is no repository or it has no commit yet.
    """
    return Revision(
        commit=_git(root, "rev-parse", "--verify", "HEAD"),
        branch=_git(root, "branch", "--show-current"),
        dirty=bool(_git(root, "status", "--porcelain")),
    )


def _git(root: Path, *arguments: str) -> str:
    hint = "run it in a git repository with a commit"
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    except OSError as error:
        raise ConfigurationError(f"git cannot be run: {error.strerror}", where=str(root), hint="install git") from error
    if done.returncode != 0:
        first = next(iter(done.stderr.strip().splitlines()), f"git {arguments[0]} failed")
        raise ConfigurationError(first, where=str(root), hint=hint)
    return done.stdout.strip()
