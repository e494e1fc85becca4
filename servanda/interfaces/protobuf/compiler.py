"""Compiling a proto workspace with protoc, offline: well-known imports come from installed packages."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from google.protobuf import descriptor_pb2

from servanda.errors import InterfaceError
from servanda.extras import naming_extra
from servanda.processes import isolated_python, run_tool, shortened, tool_environment

# Imported by name wherever something is validated; it is installed without its source.
VALIDATE = "buf/validate/validate.proto"
_BUNDLED = "bundled.binpb"
_CHILD = Path(__file__).with_name("protoc_child.py")
# protoc names files as they lie on the disk, below a link.
_LINK = r"\broot\d+/"
_EDITION = re.compile(
    rf"^(?:{_LINK})?(?P<path>[^:\n]+):.* [Ee]dition (?P<name>\w+),? .*maximum supported edition (?P<latest>\w+)",
    re.MULTILINE,
)
# Errors that are told beside the first one.
_SHOWN = 20


def proto_files(root: Path) -> tuple[str, ...]:
    """Return the proto files below a folder, relative to it, in a fixed order."""
    return tuple(sorted(path.relative_to(root).as_posix() for path in root.rglob("*.proto")))


def compile_workspace(
    root: Path, files: Iterable[str] | None = None, others: Iterable[Path] = ()
) -> descriptor_pb2.FileDescriptorSet:
    """Compile these files (default: all below ``root``) with all that they import and with source positions.

    Args:
        root: Folder that the files are relative to.
        files: Paths of the files.
        others: Further folders that imports are relative to.

    Raises:
        InterfaceError: There is nothing to compile, or protoc rejects it; the error names file, line and column.
    """
    names = tuple(files) if files is not None else proto_files(root)
    if not names:
        raise InterfaceError("no .proto file found", where=str(root))
    with tempfile.TemporaryDirectory(prefix="servanda-image-") as scratch:
        output = Path(scratch, "image.binpb")
        options = ("--include_imports", "--include_source_info", f"--descriptor_set_out={output}")
        protoc(dict.fromkeys((root, *others)), dict.fromkeys(names, root), options, lambda path: str(root / path))
        return descriptor_pb2.FileDescriptorSet.FromString(output.read_bytes())


def run_protoc(root: Path, files: Iterable[str], *options: str) -> None:
    """Run protoc on files below ``root``, with the well-known imports at hand.

    Raises:
        InterfaceError: protoc rejects the input.
    """
    protoc((root,), dict.fromkeys(files, root), options, lambda path: str(root / path))


def protoc(
    roots: Iterable[Path],
    files: Mapping[str, Path],
    options: Sequence[str],
    place: Callable[[str], str],
    *,
    validated: bool = True,
) -> None:
    """Run protoc on files below several roots, with the well-known imports at hand.

    It runs in a process of its own, in a private folder with links to the roots. A file is handed over as a path
    through such a link, so that no name of a file or folder can be taken for an option.

    Args:
        roots: Folders that imports are relative to.
        files: Root by path relative to it. ``buf/validate/validate.proto`` is the installed one if no root has it.
        options: What else protoc is told; paths in it are absolute.
        place: Where to say that a file lies.
        validated: Whether a file may import ``buf/validate``; if not, it is not looked for.

    Raises:
        InterfaceError: protoc rejects the input.
        MissingExtraError: protoc is not installed.
        ProcessError: It cannot be run, or takes too long.
    """
    own = tuple(roots)
    with tempfile.TemporaryDirectory(prefix="servanda-protoc-") as private:
        links = _linked((*own, *bundled_folders()), Path(private))
        arguments = [*(f"-I{link}" for link in links.values()), *options]
        # What a workspace brings itself counts, not what is installed here.
        is_bundled = validated and not any((root / VALIDATE).is_file() for root in own)
        if is_bundled:
            Path(private, _BUNDLED).write_bytes(_bundled())
            arguments.append(f"--descriptor_set_in={_BUNDLED}")
        arguments += (
            name if is_bundled and name == VALIDATE else f"{links[root]}/{name}" for name, root in files.items()
        )
        request = (str(_installed("grpc_tools.protoc").parents[1]), *arguments)
        done = run_tool(
            isolated_python(_CHILD, installed=False),
            tool_environment(os.environ),
            folder=Path(private),
            talk=b"".join(map(_ended, request)),
        )
    if done.code < 0:
        raise InterfaceError(f"protoc was ended by signal {-done.code}", where=str(own[0]))
    if done.code != 0:
        raise _rejected(done.errors.decode("utf-8", "surrogateescape"), files, place)


def _ended(argument: str) -> bytes:
    # File names are bytes to the system: those that are not UTF-8 are lone surrogates here.
    if "\0" in argument:
        raise InterfaceError("a path holds a NUL, which no file can be named with", where=repr(argument))
    return argument.encode("utf-8", "surrogateescape") + b"\0"


def _linked(folders: Iterable[Path], private: Path) -> dict[Path, str]:
    """Link to folders, and return the links' names: protoc would split the folders' own at ``:`` and ``=``."""
    links = {folder: f"root{number}" for number, folder in enumerate(dict.fromkeys(folders))}
    for folder, link in links.items():
        (private / link).symlink_to(folder.absolute())
    return links


def bundled_folders() -> tuple[Path, ...]:
    """Folders of installed packages that hold ``google/protobuf`` and ``google/api`` as source."""
    protobuf = _installed("grpc_tools.protoc").parent / "_proto"
    api = _installed("google.api.annotations_pb2").parents[2]
    return protobuf, api


def _installed(module: str) -> Path:
    with naming_extra():
        spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise InterfaceError(f"the module {module} is not installed", hint="install servanda with its dependencies")
    return Path(spec.origin)


def bundled_descriptors() -> descriptor_pb2.FileDescriptorSet:
    """Descriptors of ``buf/validate``, which is installed without its source."""
    return descriptor_pb2.FileDescriptorSet.FromString(_bundled())


@functools.cache
def _bundled() -> bytes:
    # The one place where the package keeps its descriptors. It takes longer to import than most comparisons take.
    with naming_extra():
        from protovalidate._gen.buf.validate import validate_pb  # noqa: PLC0415

    file = descriptor_pb2.FileDescriptorProto.FromString(validate_pb.desc().proto.to_binary())
    return descriptor_pb2.FileDescriptorSet(file=[file]).SerializeToString()


def _rejected(talk: str, files: Collection[str], place: Callable[[str], str]) -> InterfaceError:
    # A name with a colon or a line break in it is only recognised by who knows it.
    names = "|".join([*(re.escape(name) for name in files if ":" in name or "\n" in name), r"[^:\n]+"])
    told = re.compile(
        rf"^(?P<link>{_LINK})?(?P<path>{names}):(?P<line>\d+):(?P<column>\d+): (?P<message>[^\n]*)\n?", re.MULTILINE
    )
    errors = [found for found in told.finditer(talk) if not found["message"].startswith("warning: ")]
    hidden = re.search(rf"^{_LINK}(?P<path>{names}): Input is shadowed", talk, re.MULTILINE)
    if hidden is not None:
        what = "a file of another module has the same path, and imports would mean that one"
        hint = "move one of them; 'excludes' of buf.yaml takes it out of its module, but not out of the way"
        return InterfaceError(what, where=place(hidden["path"]), hint=hint)
    edition = _EDITION.search(talk)
    if edition is not None:
        latest = f"the latest edition of the installed protoc is {edition['latest']}"
        what = f"edition '{edition['name']}' is not supported: {latest}"
        hint = "use an edition that is released"
        return InterfaceError(what, where=place(edition["path"]), hint=hint)
    if not errors:
        return InterfaceError(f"protoc rejects it: {re.sub(_LINK, '', told.sub('', talk)).strip()}")
    lines = tuple(dict.fromkeys(f"{_where(found, files, place)}: {found['message']}" for found in errors))
    more = f"\n... and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    said = "\n".join(map(shortened, lines[:_SHOWN]))
    return InterfaceError(
        errors[0]["message"],
        where=_where(errors[0], files, place),
        hint=f"all that protoc says:\n{said}{more}" if len(lines) > 1 else None,
    )


def _where(found: re.Match[str], files: Collection[str], place: Callable[[str], str]) -> str:
    path, link = found["path"], found["link"] or ""
    # Older versions of protoc leave the link out, and a folder of the tree may be called as one.
    named = f"{link}{path}" if path not in files and f"{link}{path}" in files else path
    return f"{place(named)}:{found['line']}:{found['column']}"
