"""Origin of what is published: version, branch and build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from servanda.configuration.build import build_of
from servanda.configuration.git import Revision, revision
from servanda.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Origin:
    """Version, branch and build of what is published.

    Attributes:
        version: The version.
        branch: The branch; empty if nobody knows it.
        build_url: Address of the build; empty if there is none.
        dirty: Whether the version is a commit, and files differ from it.
    """

    version: str
    branch: str
    build_url: str
    dirty: bool = False


def origin(
    root: Path,
    environ: Mapping[str, str],
    version: str | None = None,
    branch: str | None = None,
    build_url: str | None = None,
) -> Origin:
    """Return where the repository stands: as it is given, else as git says, else as the CI server does.

    Args:
        root: A folder of the repository.
        environ: Variables of the CI server.
        version: The version; ``None`` for the commit.
        branch: The branch; ``None`` for the current one, or the one that the CI server builds.
        build_url: Address of the build; ``None`` for that of the CI server.

    Raises:
        ConfigurationError: The version is neither given nor known to git or to the CI server.
    """
    build = build_of(environ)
    url = build.url if build_url is None else build_url
    if version and branch is not None:
        return Origin(version, branch, url)
    state = _state(root, is_needed=not version and not build.commit)
    commit = state.commit if state is not None else build.commit
    found = (state.branch if state is not None else "") or build.branch
    dirty = state is not None and state.dirty and not version
    return Origin(version or commit, found if branch is None else branch, url, dirty)


def _state(root: Path, *, is_needed: bool) -> Revision | None:
    try:
        return revision(root)
    except ConfigurationError:
        if is_needed:
            raise
        return None
