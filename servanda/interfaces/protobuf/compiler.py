"""Compiling a proto workspace with protoc, offline: well-known imports come from installed packages."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from google.protobuf import descriptor_pb2

from servanda.errors import InterfaceError

# Imported by name wherever something is validated; it is installed without its source.
VALIDATE = "buf/validate/validate.proto"
_POSITION = re.compile(r"^(?P<path>[^:\n]+):(?P<line>\d+):(?P<column>\d+): (?P<message>.*)$", re.MULTILINE)
_WARNING = re.compile(r"^[^:\n]+:\d+:\d+: warning: .*\n?", re.MULTILINE)


def proto_files(root: Path) -> tuple[str, ...]:
    """The proto files below a folder, relative to it, in a fixed order."""
    return tuple(sorted(path.relative_to(root).as_posix() for path in root.rglob("*.proto")))


def compile_workspace(
    root: Path, files: Iterable[str] | None = None, others: Iterable[Path] = ()
) -> descriptor_pb2.FileDescriptorSet:
    """The descriptors of these files (default: all below ``root``) with all that they import and with source positions.

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
    with tempfile.TemporaryDirectory(prefix="servanda-protoc-") as scratch:
        output = Path(scratch, "image.binpb")
        options = ("--include_imports", "--include_source_info", f"--descriptor_set_out={output}")
        protoc(dict.fromkeys((root, *others)), names, options, lambda path: str(root / path))
        return descriptor_pb2.FileDescriptorSet.FromString(output.read_bytes())


def run_protoc(root: Path, files: Iterable[str], *options: str) -> None:
    """Run protoc on files below ``root``, with the well-known imports at hand.

    Raises:
        InterfaceError: protoc rejects the input.
    """
    protoc((root,), files, options, lambda path: str(root / path))


def protoc(
    roots: Iterable[Path],
    files: Iterable[str],
    options: Iterable[str],
    place: Callable[[str], str],
    *,
    validated: bool = True,
) -> None:
    """Run protoc on files below several roots, with the well-known imports at hand.

    Args:
        roots: Folders that imports are relative to.
        files: Paths relative to one of them.
        options: What else protoc is told.
        place: Where to say that a file lies.
        validated: Whether a file may import ``buf/validate``; if not, it is not looked for.

    Raises:
        InterfaceError: protoc rejects the input.
    """
    with tempfile.TemporaryDirectory(prefix="servanda-protoc-") as scratch:
        own = tuple(roots)
        # Thousands of names do not fit on a command line everywhere.
        arguments = Path(scratch, "arguments")
        lines = [*(f"-I{folder}" for folder in (*own, *bundled_folders())), *options]
        # What a workspace brings itself counts, not what is installed here.
        if validated and not any((root / VALIDATE).is_file() for root in own):
            bundled = Path(scratch, "bundled.binpb")
            bundled.write_bytes(bundled_descriptors().SerializeToString())
            lines.append(f"--descriptor_set_in={bundled}")
        lines += files
        arguments.write_text("\n".join(lines), encoding="utf-8")
        command = [sys.executable, "-m", "grpc_tools.protoc", f"@{arguments}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise _rejected(done.stderr, own, place)


def bundled_folders() -> tuple[Path, ...]:
    """Folders of installed packages that hold ``google/protobuf`` and ``google/api`` as source."""
    protobuf = _installed("grpc_tools.protoc").parent / "_proto"
    api = _installed("google.api.annotations_pb2").parents[2]
    return protobuf, api


def _installed(module: str) -> Path:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise InterfaceError(f"the module {module} is not installed", hint="install servanda with its dependencies")
    return Path(spec.origin)


def bundled_descriptors() -> descriptor_pb2.FileDescriptorSet:
    """Descriptors of ``buf/validate``, which is installed without its source."""
    # The one place where the package keeps its descriptors. It takes longer to import than most comparisons take.
    from protovalidate._gen.buf.validate import validate_pb  # noqa: PLC0415

    file = descriptor_pb2.FileDescriptorProto.FromString(validate_pb.desc().proto.to_binary())
    return descriptor_pb2.FileDescriptorSet(file=[file])


def _rejected(talk: str, roots: tuple[Path, ...], place: Callable[[str], str]) -> InterfaceError:
    talk = _WARNING.sub("", talk)
    for root in roots:
        # protoc names files as they lie on the disk, which may be a scratch folder.
        talk = talk.replace(f"{root}/", "")
    said = _POSITION.sub(lambda found: f"{place(found['path'])}{found[0].removeprefix(found['path'])}", talk).strip()
    first = _POSITION.search(said)
    if first is None:
        return InterfaceError(f"protoc rejects it: {said}")
    return InterfaceError(
        first["message"],
        where=f"{first['path']}:{first['line']}:{first['column']}",
        hint=None if said.count("\n") < 1 else f"all that protoc says:\n{said}",
    )
