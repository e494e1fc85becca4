"""Compiling a proto workspace with protoc, offline: well-known imports come from installed packages."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from google.protobuf import descriptor_pb2
from protovalidate._gen.buf.validate import validate_pb  # the one place where the package keeps its descriptors

from treaty.errors import InterfaceError

_POSITION = re.compile(r"^(?P<path>[^:\n]+):(?P<line>\d+):(?P<column>\d+): (?P<message>.*)$", re.MULTILINE)


def proto_files(root: Path) -> tuple[str, ...]:
    """The proto files below a folder, relative to it, in a fixed order."""
    return tuple(sorted(path.relative_to(root).as_posix() for path in root.rglob("*.proto")))


def compile_workspace(root: Path, files: Iterable[str] | None = None) -> descriptor_pb2.FileDescriptorSet:
    """The descriptors of these files (default: all below ``root``) with all that they import and with source positions.

    Raises:
        InterfaceError: There is nothing to compile, or protoc rejects it; the error names file, line and column.
    """
    names = tuple(files) if files is not None else proto_files(root)
    if not names:
        raise InterfaceError("no .proto file found", where=str(root))
    with tempfile.TemporaryDirectory(prefix="treaty-protoc-") as scratch:
        output = Path(scratch, "image.binpb")
        run_protoc(root, names, "--include_imports", "--include_source_info", f"--descriptor_set_out={output}")
        return descriptor_pb2.FileDescriptorSet.FromString(output.read_bytes())


def run_protoc(root: Path, files: Iterable[str], *options: str) -> None:
    """Run protoc on files below ``root``, with the well-known imports at hand.

    Raises:
        InterfaceError: protoc rejects the input.
    """
    with tempfile.TemporaryDirectory(prefix="treaty-protoc-") as scratch:
        bundled = Path(scratch, "bundled.binpb")
        bundled.write_bytes(bundled_descriptors().SerializeToString())
        folders = (root, *bundled_folders())
        command = [sys.executable, "-m", "grpc_tools.protoc", *(f"-I{folder}" for folder in folders)]
        done = subprocess.run(
            [*command, f"--descriptor_set_in={bundled}", *options, *files], capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        raise _rejected(root, done.stderr)


def bundled_folders() -> tuple[Path, ...]:
    """Folders of installed packages that hold ``google/protobuf`` and ``google/api`` as source."""
    protobuf = _installed("grpc_tools.protoc").parent / "_proto"
    api = _installed("google.api.annotations_pb2").parents[2]
    return protobuf, api


def _installed(module: str) -> Path:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise InterfaceError(f"the module {module} is not installed", hint="install treaty with its dependencies")
    return Path(spec.origin)


def bundled_descriptors() -> descriptor_pb2.FileDescriptorSet:
    """Descriptors of ``buf/validate``, which is installed without its source."""
    file = descriptor_pb2.FileDescriptorProto.FromString(validate_pb.desc().proto.to_binary())
    return descriptor_pb2.FileDescriptorSet(file=[file])


def _rejected(root: Path, talk: str) -> InterfaceError:
    first = _POSITION.search(talk)
    if first is None:
        return InterfaceError(f"protoc rejects it: {talk.strip()}", where=str(root))
    path = root / first["path"]
    return InterfaceError(
        first["message"],
        where=f"{path}:{first['line']}:{first['column']}",
        hint=None if talk.count("\n") <= 1 else f"all that protoc says:\n{talk.strip()}",
    )
