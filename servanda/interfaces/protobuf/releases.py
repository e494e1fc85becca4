"""Descriptor images of released interface versions: the bases of comparison."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from servanda.configuration import Configuration
from servanda.documents import Boundary, files_in
from servanda.errors import InterfaceError
from servanda.verdict import Bump

if TYPE_CHECKING:
    import semver

    from servanda.interfaces.protobuf.inputs import Opener

_SUFFIX = ".binpb"


def images(folder: Path) -> tuple[Path, ...]:
    """Return the images in a folder in the order of their versions, the lowest first.

    Raises:
        InterfaceError: One of them is a link that leads out of the tree.
    """
    paths = files_in(folder, f"*{_SUFFIX}", InterfaceError)
    by_name = {path.name: path for path in paths}
    return tuple(by_name[name] for name in in_order(by_name))


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of the names that are an image's, in the order of their versions, the lowest first."""
    ended = (name for name in names if name.endswith(_SUFFIX))
    found = {version: name for name in ended if (version := _parse(name.removesuffix(_SUFFIX)))}
    return tuple(found[version] for version in sorted(found))


def newest(folder: Path) -> Path | None:
    """Return the image of the highest version in a folder; ``None`` if nothing was released yet."""
    return next(reversed(images(folder)), None)


def is_in_initial_development(folder: Path) -> bool:
    """Tell whether the newest release has a version 0.y.z, under which anything may change at any time."""
    latest = newest(folder)
    version = _parse(latest.name.removesuffix(_SUFFIX)) if latest is not None else None
    return version is not None and version.major == 0


def release(configuration: Configuration, version: str, opener: Opener) -> Path:
    """Keep the present interfaces as the image of this version.

    They are what ``servanda check`` examines: the same modules, without what ``buf.yaml`` excludes.

    Args:
        configuration: Says where the interfaces are, and where released ones are kept.
        version: A semantic version.
        opener: Compiles the interfaces.

    Returns:
        The file that was written.

    Raises:
        InterfaceError: The version is not one of semantic versioning, not above the newest, or was released already;
            the interfaces do not compile; or the file cannot be written.
    """
    parsed = require_version(version)
    folder = configuration.interfaces.releases
    file = folder / f"{version}{_SUFFIX}"
    Boundary.around(configuration.root, InterfaceError).inside(file)
    if file.exists():
        raise InterfaceError(
            f"version {version} was released already",
            where=str(file),
            hint="a release never changes; choose a new version",
        )
    latest = newest(folder)
    below = _parse(latest.name.removesuffix(_SUFFIX)) if latest is not None else None
    if below is not None and parsed <= below:
        raise _not_above(version, latest)
    content = opener.open_folder(str(configuration.interfaces.root)).exported
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as output:
            output.write(content)
    except OSError as error:
        raise InterfaceError(f"cannot be written: {error.strerror}", where=str(file)) from error
    return file


def require_version(version: str) -> semver.Version:
    """Return a version in its parts.

    Raises:
        InterfaceError: It is not one of semantic versioning.
    """
    parsed = _parse(version)
    if parsed is None:
        raise InterfaceError(f"'{version}' is not a semantic version", hint="give MAJOR.MINOR.PATCH, for example 1.4.0")
    return parsed


def require_bump(version: str, bump: Bump, folder: Path) -> None:
    """Refuse a version that promises more than the change keeps.

    Args:
        version: A semantic version.
        bump: What the change does to the version of the newest release.
        folder: Where released images are kept.

    Raises:
        InterfaceError: The version is not above the newest, or does not raise the part that the change has to raise.
    """
    parsed, latest = _parse(version), newest(folder)
    before = _parse(latest.name.removesuffix(_SUFFIX)) if latest is not None else None
    if parsed is None or before is None:
        return
    if parsed < before:
        raise _not_above(version, latest)
    least = {Bump.MAJOR: before.bump_major(), Bump.MINOR: before.bump_minor()}.get(bump)
    # A candidate of a version promises what the version does.
    if least is not None and parsed.finalize_version() < least:
        raise InterfaceError(
            f"the change since {before} raises the {bump} part: expected {least} or above, not {version}",
            where=str(latest),
            hint="'servanda check' says why; release a higher version, or give --any-version",
        )


def _not_above(version: str, latest: Path | None) -> InterfaceError:
    return InterfaceError(
        f"version {version} is not above the newest release", where=str(latest), hint="choose a higher version"
    )


def _parse(version: str) -> semver.Version | None:
    # Where nothing was released nothing is compared, and it brings a command line of its own.
    import semver  # noqa: PLC0415

    try:
        return semver.Version.parse(version)
    except ValueError:
        return None
