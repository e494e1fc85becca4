"""Commits of git repositories, here or elsewhere."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from servanda.errors import InterfaceError, ProcessError
from servanda.interfaces.inputs.reference import InputFormat, Reference
from servanda.interfaces.inputs.source import Source
from servanda.interfaces.trees import CommitTree, ContentTree
from servanda.processes import Git, fetched, repository_top

_KEYS = ("branch", "tag", "ref", "commit")
_DEFAULT = "refs/remotes/origin/HEAD"
_MAINS = ("refs/remotes/origin/main", "refs/heads/main", "refs/remotes/origin/master", "refs/heads/master")
_BEGIN = re.compile("[0-9a-f]{4,39}")
"""The beginning of a commit's name, which could be that of a branch or tag as well."""
# How 'git ls-files -t' marks what the index has and the working tree shall not have.
_SKIPPED = "S "
_REMOTE = re.compile(r"^([a-z+]+://|[^/]+@[^/]+:)")


def open_git(reference: Reference, cwd: Path) -> Source:
    """Open the folder ``subdir`` of the commit that the options name; else of ``HEAD``.

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
    if not tree.has_folder(folder) and not (repository.top / folder).is_dir():
        raise InterfaceError(f"neither this commit nor the working tree has a folder '{folder}'", where=reference.text)
    return Source(tree, folder, may_be_empty=True)


def beside_folder(reference: Reference, folder: Reference, cwd: Path) -> Reference:
    """Return the reference with the folder as its ``subdir``, if it is one to the same repository without one."""
    if (
        reference.format is not InputFormat.GIT
        or folder.format is not InputFormat.DIRECTORY
        or "subdir" in reference.options
    ):
        return reference
    if _REMOTE.match(reference.location):
        return reference
    subdir = _from_top(_repository(reference, cwd).top, cwd, folder.location)
    if subdir is None:
        return reference
    return replace(reference, options=MappingProxyType({**reference.options, "subdir": subdir}))


def _from_top(top: Path, cwd: Path, folder: str) -> str | None:
    """Return the path of a folder in a repository; ``None`` if it lies elsewhere.

    Its own links are not followed: a change that makes the folder a link is compared with the folder of that name.
    """
    written = Path(os.path.normpath(cwd.resolve() / folder))
    around = next((each for each in (*reversed(written.parents), written) if each.resolve() == top), None)
    return written.relative_to(around).as_posix() if around is not None else None


def reference_to(name: str, cwd: Path) -> str | None:
    """Return the input that means a branch, tag or commit of the repository around a folder.

    Returns:
        ``None`` if there is nothing of this name, or no repository that git reads.
    """
    top = repository_top(cwd)
    if top is None or not name or "," in name or name.startswith("-"):
        return None
    location = Path(os.path.relpath(top, cwd.resolve()), ".git").as_posix()
    repository = Git(top)
    for key, full in (("branch", f"refs/heads/{name}"), ("tag", f"refs/tags/{name}"), ("ref", name)):
        if _resolved(repository, full) is not None:
            return f"{location}#{key}={name}"
    return None


def left_out_of_checkout(folder: Path) -> frozenset[str]:
    """Return the files, from the top of the repository, that a sparse checkout leaves out; none outside of git.

    Raises:
        ProcessError: git does not read the repository.
    """
    top = repository_top(folder)
    if top is None:
        return frozenset()
    listed = Git(top).run("ls-files", "-t", "-z", "--full-name").decode("utf-8", "surrogateescape").split("\0")
    return frozenset(entry[2:] for entry in listed if entry.startswith(_SKIPPED))


def merge_base(folder: Path) -> str | None:
    """Tell where the present branch left the main one, as a reference relative to the folder.

    Returns:
        ``None`` outside of git, and before the first commit.

    Raises:
        InterfaceError: The repository has no main branch, or too little of its history is here.
        ProcessError: git does not read it.
    """
    found = branching_point(folder)
    if found is None:
        return None
    repository, commit = found
    return f"{Path(os.path.relpath(repository.top, folder.resolve()), '.git').as_posix()}#commit={commit}"


def branching_point(folder: Path) -> tuple[Git, str] | None:
    """Return the repository that a folder lies in, and the commit at which the present branch left the main one.

    Returns:
        ``None`` outside of git, and before the first commit.

    Raises:
        InterfaceError: The repository has no main branch, or too little of its history is here.
        ProcessError: git does not read it.
    """
    # What keeps git from reading a repository (none installed, a foreign owner) must not look like the lack of one.
    top = repository_top(folder)
    if top is None:
        return None
    repository, root = Git(top), str(top)
    repository.run("rev-parse", "--git-dir")
    main, head = _main(repository), _resolved(repository, "HEAD")
    if main is None and head is None:
        return None
    if main is None:
        raise InterfaceError(
            "no base to compare with: there is no released image, and no branch origin/HEAD, main or master",
            where=root,
            hint=_deepen(repository) or "name one: --against '.git#branch=...'",
        )
    name, tip = main
    return repository, _only_base(repository, head, tip, name)


def _main(repository: Git) -> tuple[str, str] | None:
    """Find the main branch: its name and its commit."""
    try:
        # Only a link to another branch counts: a branch that somebody pushed under this name says nothing.
        default = repository.run("symbolic-ref", "--quiet", _DEFAULT).decode("utf-8", "surrogateescape").strip()
    except ProcessError:
        default = ""
    names = (default, *_MAINS) if default.startswith("refs/remotes/origin/") else _MAINS
    return next(((name, commit) for name in names if (commit := _resolved(repository, name))), None)


def _only_base(repository: Git, head: str | None, tip: str, name: str) -> str:
    """Find the one commit at which two lines of history parted.

    Raises:
        InterfaceError: There is none, there are several, or too little of the history is here to know it.
    """
    try:
        found = repository.run("merge-base", "--all", head or "HEAD", tip).decode().split()
    except ProcessError:
        hint = _deepen(repository) or "name a base: --against '.git#branch=...'"
        raise InterfaceError(
            f"HEAD and {name} have no commit in common", where=str(repository.top), hint=hint
        ) from None
    deepen = _deepen(repository)
    if len(found) > 1:
        # What was deleted between them would be found against one of them only, and git may name the other one first.
        what = f"HEAD and {name} parted more than once: {', '.join(commit[:12] for commit in found)}"
        hint = deepen or f"merge {_short(name)} into this branch, or name a base: --against '.git#commit=...'"
        raise InterfaceError(what, where=str(repository.top), hint=hint)
    if deepen and repository.run("rev-list", "--max-parents=0", head or "HEAD", tip, "--not", found[0]).strip():
        what = f"the history ends before HEAD and {name} are known to have parted at {found[0][:12]} only"
        raise InterfaceError(what, where=str(repository.top), hint=deepen)
    return found[0]


def _short(name: str) -> str:
    return name.removeprefix("refs/").removeprefix("remotes/").removeprefix("heads/")


def _repository(reference: Reference, cwd: Path) -> Git:
    path = (cwd / reference.location).resolve()
    if path.name == ".git":
        path = path.parent
    if not path.is_dir():
        raise InterfaceError("there is no such git repository", where=reference.text)
    top = repository_top(path)
    # Somebody may keep a bare repository within another one, but then says its name.
    bare = top != path and _is_bare(path) and (top is None or path.suffix == ".git")
    if top is None and not bare:
        raise InterfaceError("no git repository: there is no .git here or above", where=reference.text)
    repository = Git(path, bare=True) if bare or top is None else Git(top)
    try:
        repository.run("rev-parse", "--git-dir")
    except ProcessError as error:
        raise InterfaceError(f"no git repository: {error.what}", where=reference.text, hint=error.hint) from None
    return repository


def _is_bare(folder: Path) -> bool:
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir()


def _commit(repository: Git, reference: Reference) -> str:
    begin = reference.options.get("commit", "")
    # As a revision, a branch or tag of that name would stand before the commit.
    names = _begun(repository, begin) if _BEGIN.fullmatch(begin) else _names(reference)
    for name in names:
        commit = _resolved(repository, name)
        if commit:
            return commit
    wanted = next((f"{key} '{reference.options[key]}'" for key in _KEYS if key in reference.options), "commit yet")
    hint = _deepen(repository) or "'git branch --all' and 'git tag' list what there is"
    raise InterfaceError(f"the repository has no {wanted}", where=reference.text, hint=hint)


def _begun(repository: Git, begin: str) -> tuple[str, ...]:
    """Return the name of the only commit that begins so."""
    found = repository.run("rev-parse", f"--disambiguate={begin}").decode().split()
    commits = [name for name in found if _resolved(repository, name) == name]
    return tuple(commits) if len(commits) == 1 else ()


def _names(reference: Reference) -> tuple[str, ...]:
    options = reference.options
    if "branch" in options:
        # A checkout in CI often has the main branch only as its remote has it.
        return f"refs/heads/{options['branch']}", f"refs/remotes/origin/{options['branch']}"
    if "tag" in options:
        return (f"refs/tags/{options['tag']}",)
    return (options.get("ref") or options.get("commit") or "HEAD",)


def _resolved(repository: Git, name: str) -> str | None:
    try:
        if name.startswith("refs/"):
            # The very reference: as a revision, a tag called "refs/heads/main" would stand in where there is no branch.
            name = repository.run("show-ref", "--verify", "--hash", "--", name).decode().strip()
        found = repository.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except ProcessError:
        return None
    return found.decode().strip()


def _deepen(repository: Git) -> str | None:
    shallow = repository.run("rev-parse", "--is-shallow-repository").strip() == b"true"
    if not shallow:
        return None
    pipelines = "in GitHub Actions 'fetch-depth: 0', in GitLab 'GIT_DEPTH: 0'"
    return f"this clone is shallow: run 'git fetch --unshallow'; {pipelines}"


def _fetched(reference: Reference) -> ContentTree:
    options = reference.options
    wanted = next((options[key] for key in _KEYS if key in options), "HEAD")
    prefix = {"branch": "refs/heads/", "tag": "refs/tags/"}.get(next((k for k in _KEYS if k in options), ""), "")
    with tempfile.TemporaryDirectory(prefix="servanda-git-") as scratch:
        try:
            repository = fetched(reference.location, f"{prefix}{wanted}", Path(scratch))
        except ProcessError as error:
            raise InterfaceError(f"cannot be fetched: {error.what}", where=reference.text, hint=error.hint) from None
        return CommitTree(repository, "FETCH_HEAD", reference.location).kept()
