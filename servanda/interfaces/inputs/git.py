"""Commits of git repositories, here or elsewhere."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from servanda.errors import InterfaceError
from servanda.interfaces.inputs.reference import InputFormat, Reference
from servanda.interfaces.inputs.source import Source
from servanda.interfaces.trees import CommitTree, ContentTree, git

_KEYS = ("branch", "tag", "ref", "commit")
_MAINS = (
    *("refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/heads/main"),
    *("refs/remotes/origin/master", "refs/heads/master"),
)
_REMOTE = re.compile(r"^([a-z+]+://|[^/]+@[^/]+:)")


def open_git(reference: Reference, cwd: Path) -> Source:
    """The folder ``subdir`` of the commit that ``branch``, ``tag``, ``ref`` or ``commit`` names; else of ``HEAD``.

    Raises:
        InterfaceError: There is no such repository, commit or folder.
    """
    chosen = [key for key in _KEYS if key in reference.options]
    if len(chosen) > 1:
        raise InterfaceError(f"give only one of {', '.join(chosen)}", where=reference.text)
    folder = PurePosixPath(reference.options.get("subdir", ".")).as_posix()
    if _REMOTE.match(reference.location):
        return Source(_fetched(reference), folder)
    repository = _repository(reference, cwd)
    tree = CommitTree(repository, _commit(repository, reference))
    is_new = not tree.has_folder(folder)
    if is_new and not (repository / folder).is_dir():
        raise InterfaceError(f"neither this commit nor the working tree has a folder '{folder}'", where=reference.text)
    return Source(tree, folder, may_be_empty=is_new)


def beside_folder(reference: Reference, folder: Reference, cwd: Path) -> Reference:
    """The reference with the folder as its ``subdir``, if it is one to the same repository and names none itself."""
    if (
        reference.format is not InputFormat.GIT
        or folder.format is not InputFormat.DIRECTORY
        or "subdir" in reference.options
    ):
        return reference
    path = (cwd / folder.location).resolve()
    if _REMOTE.match(reference.location) or not path.is_relative_to(repository := _repository(reference, cwd)):
        return reference
    subdir = path.relative_to(repository).as_posix()
    return replace(reference, options=MappingProxyType({**reference.options, "subdir": subdir}))


def merge_base(folder: Path) -> str | None:
    """Where the present branch left the main one, as a reference relative to the folder.

    Returns:
        ``None`` outside of git, and before the first commit.

    Raises:
        InterfaceError: The repository has no main branch, too little of its history is here, or git does not read it.
    """
    # What keeps git from reading a repository (none installed, a foreign owner) must not look like the lack of one.
    if not any((parent / ".git").exists() for parent in (folder, *folder.parents)):
        return None
    root = git(folder, "rev-parse", "--show-toplevel").decode().strip()
    repository = Path(root)
    main = next((name for name in _MAINS if _resolved(repository, name)), None)
    if main is None and _resolved(repository, "HEAD") is None:
        return None
    if main is None:
        raise InterfaceError(
            "no base to compare with: there is no released image, and no branch origin/HEAD, main or master",
            where=root,
            hint=_deepen(repository) or "name one: --against '.git#branch=...'",
        )
    try:
        commit = git(repository, "merge-base", "HEAD", main).decode().strip()
    except InterfaceError:
        hint = _deepen(repository) or "name a base: --against '.git#branch=...'"
        raise InterfaceError(f"HEAD and {main} have no commit in common", where=root, hint=hint) from None
    return f"{Path(os.path.relpath(root, folder), '.git').as_posix()}#commit={commit}"


def _repository(reference: Reference, cwd: Path) -> Path:
    path = (cwd / reference.location).resolve()
    if path.name == ".git":
        path = path.parent
    if not path.is_dir():
        raise InterfaceError("there is no such git repository", where=reference.text)
    try:
        bare = git(path, "rev-parse", "--is-bare-repository").strip() == b"true"
        return path if bare else Path(git(path, "rev-parse", "--show-toplevel").decode().strip())
    except InterfaceError as error:
        raise InterfaceError(f"no git repository: {error.what}", where=reference.text) from None


def _commit(repository: Path, reference: Reference) -> str:
    for name in _names(reference):
        commit = _resolved(repository, name)
        if commit:
            return commit
    wanted = next((f"{key} '{reference.options[key]}'" for key in _KEYS if key in reference.options), "commit yet")
    hint = _deepen(repository) or "'git branch --all' and 'git tag' list what there is"
    raise InterfaceError(f"the repository has no {wanted}", where=reference.text, hint=hint)


def _names(reference: Reference) -> tuple[str, ...]:
    options = reference.options
    if "branch" in options:
        # A checkout in CI often has the main branch only as its remote has it.
        return f"refs/heads/{options['branch']}", f"refs/remotes/origin/{options['branch']}"
    if "tag" in options:
        return (f"refs/tags/{options['tag']}",)
    return (options.get("ref") or options.get("commit") or "HEAD",)


def _resolved(repository: Path, name: str) -> str | None:
    try:
        found = git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except InterfaceError:
        return None
    return found.decode().strip()


def _deepen(repository: Path) -> str | None:
    shallow = git(repository, "rev-parse", "--is-shallow-repository").strip() == b"true"
    if not shallow:
        return None
    pipelines = "in GitHub Actions 'fetch-depth: 0', in GitLab 'GIT_DEPTH: 0'"
    return f"this clone is shallow: run 'git fetch --unshallow'; {pipelines}"


def _fetched(reference: Reference) -> ContentTree:
    options = reference.options
    wanted = next((options[key] for key in _KEYS if key in options), "HEAD")
    prefix = {"branch": "refs/heads/", "tag": "refs/tags/"}.get(next((k for k in _KEYS if k in options), ""), "")
    with tempfile.TemporaryDirectory(prefix="servanda-git-") as scratch:
        repository = Path(scratch)
        git(repository, "init", "--quiet", "--bare")
        try:
            git(repository, "fetch", "--quiet", "--depth", "1", "--", reference.location, f"{prefix}{wanted}")
        except InterfaceError as error:
            raise InterfaceError(f"cannot be fetched: {error.what}", where=reference.text) from None
        return CommitTree(repository, "FETCH_HEAD", reference.location).kept()
