"""Facts that decide the result of a job, by name."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from servanda.configuration import Configuration
from servanda.documents import read_bytes
from servanda.errors import ConfigurationError, JobError, ProcessError
from servanda.jobs.job import Job, Task
from servanda.processes import Git, repository_top
from servanda.versions.builds import digest_of

# Submodules have a configuration of their own, and are not what is examined.
_STATUS: Final = (
    *("status", "--porcelain=v1", "-z"),
    *("--untracked-files=all", "--no-renames", "--ignore-submodules=all"),
)
_MOST_BYTES: Final = 1 << 30
_BYTECODE: Final = "__pycache__"
# What commands write: documents of jobs, plans and results lie in the tree, and are no part of what is examined.
_OWN: Final = b'"format": "servanda-'
_HEAD: Final = 64
_AT_COMMIT: Final = 40
_TREE: Final = "tree"
_SHOWN: Final = 5


def inputs_of(
    task: Task, configuration: Configuration, contracts: Iterable[str] = (), known: str | None = None
) -> Mapping[str, str]:
    """Return what decides the result of a task in this tree.

    Args:
        task: The task; its plan names the commits of all versions.
        configuration: That of the tree.
        contracts: Files of the contracts that are verified.
        known: What :func:`tree` returned for this tree; it is asked for if left out.

    Raises:
        ConfigurationError: This is no git repository, or has no commit: nothing says what the tree holds; or a wheel of
            the plan is not here.
        JobError: A file cannot be read.
    """
    root = configuration.root
    files = {_shown(Path(path), root): _hash(Path(path)) for path in contracts} if task.plan is None else {}
    return MappingProxyType(
        {
            _TREE: tree(root) if known is None else known,
            **({"configuration": _hash(configuration.file)} if configuration.file is not None else {}),
            **{f"contract {name}": found for name, found in sorted(files.items())},
            **dict(_artifacts(task, configuration)),
            "servanda": importlib.metadata.version("servanda"),
            "python": ".".join(platform.python_version_tuple()[:2]),
        }
    )


def _artifacts(task: Task, configuration: Configuration) -> Iterator[tuple[str, str]]:
    # git ignores them as a rule, so that the tree does not tell them apart.
    for version in task.plan.versions if task.plan is not None else ():
        if version.wheel:
            yield f"wheel {version.wheel}", digest_of(version.wheel, configuration)


def require_same(job: Job, found: Mapping[str, str], named: str, root: Path) -> None:
    """Refuse to carry a job out where something that decides its result differs.

    Args:
        job: The job.
        found: Everything that would decide its result here.
        named: The job, for messages.
        root: Folder of the configuration here.

    Raises:
        JobError: Something differs, which is named.
    """
    for name in (*job.inputs, *(each for each in found if each not in job.inputs)):
        if job.inputs.get(name) != found.get(name):
            expected, actual = _told(job.inputs.get(name)), _told(found.get(name))
            what = f"{named} was made for another {name}: expected {expected}, found {actual}"
            hint = "check out what the jobs were made of, or make them anew here"
            raise JobError(what, hint=f"{hint}{_changes(root)}" if name == _TREE else hint)


def require_tree(job: Job, named: str, root: Path) -> None:
    """Refuse to carry a job out in another tree; see :func:`require_same`.

    Raises:
        ConfigurationError: This is no git repository, or has no commit.
        JobError: The tree is another one.
    """
    require_same(job, {**job.inputs, _TREE: tree(root)}, named, root)


def tree(root: Path) -> str:
    """Return what a tree holds: its commit, with a hash of the files that differ from it, if there are any.

    Files that git ignores do not count, nor documents of jobs, plans and results.

    Raises:
        ConfigurationError: This is no git repository, or has no commit.
    """
    top, commit, names = _state(root)
    lines = [line for name in names for line in _difference(top, name)]
    # Names may hold any bytes.
    return f"{commit}+{hashlib.sha256(os.fsencode(''.join(lines))).hexdigest()}" if lines else commit


def _state(root: Path) -> tuple[Path, str, tuple[str, ...]]:
    """Return the top of a repository, its commit, and the files that may differ from it."""
    top = repository_top(root)
    hint = "jobs name their tree by its commit: run it in a git repository with a commit"
    if top is None:
        raise ConfigurationError("not a git repository", where=str(root), hint=hint)
    git = Git(top)
    try:
        commit = git.run("rev-parse", "--verify", "HEAD").decode().strip()
        listed = git.run(*_STATUS).decode("utf-8", "surrogateescape")
    except ProcessError as error:
        raise ConfigurationError(error.what, where=str(root), hint=error.hint or hint) from error
    return top, commit, tuple(sorted(entry[3:] for entry in listed.split("\0") if entry))


def _changes(root: Path) -> str:
    top, _, names = _state(root)
    changed = [name for name in names if any(_difference(top, name))]
    shown = ", ".join(name if name.isprintable() else ascii(name) for name in changed[:_SHOWN])
    more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
    return f"; these files are not as they were committed, nor ignored by git: {shown}{more}" if changed else ""


def _difference(top: Path, name: str) -> Iterator[str]:
    path = top / name
    if _BYTECODE in Path(name).parts:
        return
    if path.is_symlink():
        yield f"{name}\0link {path.readlink()}\n"
    elif not path.is_file():
        yield f"{name}\0absent\n"
    elif not _is_own(path):
        yield f"{name}\0{path.stat().st_mode & 0o111:o} {_hash(path)}\n"


def _is_own(path: Path) -> bool:
    with path.open("rb") as file:
        return _OWN in file.read(_HEAD)


def _hash(path: Path) -> str:
    return hashlib.sha256(read_bytes(path, str(path), _MOST_BYTES, JobError)).hexdigest()


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _told(value: str | None) -> str:
    if value is None:
        return "none"
    commit, plus, changes = value.partition("+")
    short = f"{commit[:12]}{plus}{changes[:12]}"
    return short if len(commit) >= _AT_COMMIT else value
