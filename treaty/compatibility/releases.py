"""Descriptor images of released interface versions: the bases of comparison."""

from __future__ import annotations

from pathlib import Path

import semver
from google.protobuf import descriptor_pb2

from treaty.compatibility.compiler import compile_workspace, proto_files
from treaty.configuration import Configuration
from treaty.errors import InterfaceError

_SUFFIX = ".binpb"
# Field 8042 of FileDescriptorProto is buf's ImageFileExtension; its field 1 is ``is_import``: rules pass the file over.
_IS_IMPORT = b"\xd2\xf6\x03\x02\x08\x01"


def image_bytes(image: descriptor_pb2.FileDescriptorSet, root: Path) -> bytes:
    """An image in the form that buf reads: what does not lie below ``root`` is marked as an import.

    The same image always gives the same bytes.
    """
    own = set(proto_files(root))
    marked = descriptor_pb2.FileDescriptorSet()
    for file in image.file:
        entry = marked.file.add()
        entry.CopyFrom(file)
        if file.name not in own:
            entry.MergeFromString(_IS_IMPORT)
    return marked.SerializeToString(deterministic=True)


def newest(folder: Path) -> Path | None:
    """The image of the highest version in a folder by semantic versioning; ``None`` if nothing was released yet."""
    images = {
        version: path for path in folder.glob(f"*{_SUFFIX}") if (version := _parse(path.name.removesuffix(_SUFFIX)))
    }
    return images[max(images)] if images else None


def release(configuration: Configuration, version: str) -> Path:
    """Keep the present interfaces as the image of this version.

    Returns:
        The file that was written.

    Raises:
        InterfaceError: The version is not one of semantic versioning, not above the newest, or was released already; or
            the interfaces do not compile.
    """
    parsed = _parse(version)
    if parsed is None:
        raise InterfaceError(f"'{version}' is not a semantic version", hint="give MAJOR.MINOR.PATCH, for example 1.4.0")
    folder = configuration.interfaces.releases
    file = folder / f"{version}{_SUFFIX}"
    if file.exists():
        raise InterfaceError(
            f"version {version} was released already",
            where=str(file),
            hint="a release never changes; choose a new version",
        )
    latest = newest(folder)
    if latest is not None and parsed <= semver.Version.parse(latest.name.removesuffix(_SUFFIX)):
        raise InterfaceError(f"version {version} is not above the newest release", where=str(latest))
    root = configuration.interfaces.root
    content = image_bytes(compile_workspace(root), root)
    folder.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as output:
        output.write(content)
    return file


def _parse(version: str) -> semver.Version | None:
    try:
        return semver.Version.parse(version)
    except ValueError:
        return None
