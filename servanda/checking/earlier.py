"""Configuration of the state that a check compares with: no change takes an interface out of the check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from servanda.configuration import Configuration, earlier_configuration
from servanda.errors import ConfigurationError
from servanda.interfaces.inputs.git import branching_point, open_git
from servanda.interfaces.inputs.reference import InputFormat, parse_reference
from servanda.interfaces.kind import Context, Kind, Wanted
from servanda.interfaces.trees import CommitTree
from servanda.policy.rules import GONE
from servanda.processes import repository_top
from servanda.verdict import Finding, Span

Inputs = list[tuple[Kind, Wanted]]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A commit with its configuration.

    Attributes:
        tree: Its files.
        top: Top folder of the repository, without symbolic links.
        name: How the commit is called in a report.
    """

    tree: CommitTree
    top: Path
    name: str
    configuration: Configuration

    def interfaces(self, kind: Kind) -> Iterator[tuple[str, Path]]:
        """Yield the interfaces of a kind that the commit is configured with and holds: whose each is, and its path."""
        for whose, path in kind.owned(self.configuration).items():
            if path.is_relative_to(self.top) and kind.is_held(self.tree, path.relative_to(self.top).as_posix()):
                yield whose, path


def earlier(against: str | None, context: Context) -> Earlier | None:
    """Return the commit that configured inputs are compared with.

    Args:
        against: The base that somebody named; if left out, where the branch began.
        context: What the check depends on besides.

    Returns:
        ``None`` if the base is no commit of this repository, or has no configuration that can be read.

    Raises:
        InterfaceError: There is a repository, but it does not know the commit.
    """
    tree, top = _tree(against, context.cwd), repository_top(context.cwd)
    if tree is None or top is None:
        return None
    own = context.configuration.file if context.configuration is not None else None
    start = own.resolve().parent if own is not None else context.cwd.resolve()
    if not start.is_relative_to(top):
        start = context.cwd.resolve()

    def content(path: Path) -> bytes | None:
        return tree.read(path.relative_to(top).as_posix())

    folders = [folder for folder in (start, *start.parents) if folder.is_relative_to(top)]
    try:
        found = earlier_configuration(content, folders, own.name if own is not None else None)
    except ConfigurationError:
        return None
    if found is None:
        return None
    name = against or f"{context.shown(top / '.git')}#commit={tree.commit}"
    return Earlier(tree, top, name, found)


def _tree(against: str | None, cwd: Path) -> CommitTree | None:
    if against is None:
        found = branching_point(cwd)
        return CommitTree(*found) if found is not None else None
    reference = parse_reference(against)
    if reference.format is not InputFormat.GIT:
        return None
    options = {key: value for key, value in reference.options.items() if key != "subdir"}
    tree = open_git(replace(reference, options=MappingProxyType(options)), cwd).tree
    here = isinstance(tree, CommitTree) and tree.top == repository_top(cwd)
    return tree if here and isinstance(tree, CommitTree) else None


def with_earlier(
    inputs: Inputs, before: Earlier, context: Context, kinds: Sequence[Kind], against: str | None
) -> tuple[Inputs, tuple[Finding, ...]]:
    """Add what only the earlier configuration names.

    An interface that has moved is compared with its earlier place, and one that is configured no more with itself.

    Returns:
        The inputs; and a finding for each interface that is gone.

    Raises:
        ConfigurationError: There is no configuration any more.
    """
    if context.configuration is None:
        raise ConfigurationError(
            "the configuration file of the base commit does not exist any more",
            where=str(before.configuration.file),
            hint="restore it, or name an input: servanda check FOLDER_OR_DOCUMENT",
        )
    found, gone = list(inputs), list[Finding]()
    for kind in kinds:
        now = kind.owned(context.configuration)
        kept = {path.absolute() for path in now.values() if path.exists()}
        for whose, path in before.interfaces(kind):
            moved = now.get(whose)
            if path in kept or kind.is_measured_by_images(against, context):
                continue
            if moved is not None and moved.exists():
                found = list(_moved(found, kind, context.shown(moved), context.shown(path)))
            elif path.exists():
                found.append((kind, Wanted(context.shown(path), against, named=False)))
            else:
                gone.append(_gone(context.shown(path)))
    return found, tuple(gone)


def _moved(inputs: Inputs, kind: Kind, path: str, before: str) -> Iterable[tuple[Kind, Wanted]]:
    for each, wanted in inputs:
        yield each, replace(wanted, before=before) if each is kind and wanted.input == path else wanted


def _gone(path: str) -> Finding:
    message = f"The interface {path} was deleted; the configuration of the base commit names it."
    return GONE.finding(Span(path), path, message, f"{GONE.id}:{path}")
