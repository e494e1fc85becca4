"""Lint of interfaces by the real ``buf``, on images that are compiled here: it needs no network."""

from __future__ import annotations

import hashlib
import json
import os
import sysconfig
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from google.protobuf import descriptor_pb2
from google.protobuf.message import Message

from servanda.errors import InterfaceError
from servanda.extras import missing
from servanda.interfaces.protobuf.buf_configuration import DEFAULT, read_buf_configuration
from servanda.interfaces.protobuf.inputs import Workspace
from servanda.interfaces.protobuf.rules.categories import LINT
from servanda.processes import run_tool, tool_environment
from servanda.protobuf_runtime import is_repeated
from servanda.verdict import Finding, Severity, Span

_FOUND_SOMETHING = 100


def lint(workspace: Workspace, root: Path, allows_programs: Callable[[], bool] = lambda: False) -> tuple[Finding, ...]:
    """Return what buf objects to in the form of the interfaces.

    buf sees no more of ``buf.yaml`` than what its own rules need, in a private folder. Plugins and policies in it are
    programs that buf would run.

    Args:
        workspace: The interfaces.
        root: Folder whose ``buf.yaml`` says what form they should have.
        allows_programs: Tells whether plugins and policies may be run; asked only if there are any.

    Raises:
        InterfaceError: ``buf.yaml`` names plugins or policies that may not be run, or buf refuses it.
        MissingExtraError: buf is not installed.
        ProcessError: buf cannot be run.
    """
    image = workspace.image
    with tempfile.TemporaryDirectory(prefix="servanda-buf-") as private:
        present = Path(private, "present.binpb")
        present.write_bytes(workspace.exported)
        config, folder = _rules(root, Path(private), allows_programs)
        found = list(_run(("lint", str(present), "--config", str(config)), folder))
    findings = (_finding(workspace, image, violation) for violation in found)
    return tuple(sorted(findings, key=lambda finding: (finding.span, finding.rule, finding.message)))


def _rules(root: Path, private: Path, allows_programs: Callable[[], bool]) -> tuple[Path, Path]:
    """Return the configuration to hand over, and the folder that buf runs in."""
    file, reduced = root / "buf.yaml", private / "buf.yaml"
    configuration = read_buf_configuration(file.read_bytes(), str(file)) if file.is_file() else DEFAULT
    if not configuration.programs:
        reduced.write_bytes(configuration.reduced)
        return reduced, private
    if allows_programs():
        return file, root
    name, where = configuration.programs[0]
    raise InterfaceError(
        f"'{name}' of buf.yaml may name programs, which are not run for the form of interfaces",
        where=where,
        hint="take it out; or allow it in the state that is compared with: allow_buf_plugins under [interfaces] in "
        "servanda.toml, see 'servanda help security'",
    )


def _run(arguments: Sequence[str], folder: Path) -> Iterator[dict[str, object]]:
    executable = Path(sysconfig.get_path("scripts"), "buf")
    if not executable.is_file():
        raise missing("buf", where=str(executable)) or InterfaceError("buf is not installed", where=str(executable))
    command = [str(executable), *arguments, "--error-format", "json"]
    done = run_tool(command, tool_environment(os.environ), folder=folder)
    if done.code not in (0, _FOUND_SOMETHING):
        raise InterfaceError(f"'buf {arguments[0]}' failed with code {done.code}: {done.complaint}")
    for line in done.output.decode("utf-8", "replace").splitlines():
        yield json.loads(line)


def _finding(workspace: Workspace, image: descriptor_pb2.FileDescriptorSet, violation: dict[str, object]) -> Finding:
    rule, message, file = str(violation["type"]), str(violation["message"]), str(violation.get("path", ""))
    start_line, start_column, end_line, end_column = (
        int(str(violation.get(key, 0))) for key in ("start_line", "start_column", "end_line", "end_column")
    )
    element = _element(image, file, start_line, start_column)
    identity = "\0".join((rule, element, message)).encode()
    return Finding(
        rule=rule,
        category=LINT,
        severity=Severity.WARNING,
        span=workspace.placed(Span(file, start_line, start_column, end_line, end_column)),
        element=element,
        message=message,
        fingerprint=hashlib.sha256(identity).hexdigest()[:16],
    )


def _element(image: descriptor_pb2.FileDescriptorSet, file: str, line: int, column: int) -> str:
    """Return full name of the innermost element that is written at this place; the package if it is none."""
    descriptor = next((candidate for candidate in image.file if candidate.name == file), None)
    if descriptor is None:
        return ""
    place, innermost, name = (line - 1, column - 1), (0, 0), descriptor.package
    for location in descriptor.source_code_info.location:
        start, end = _extent(location.span)
        if innermost <= start <= place < end and (found := _name(descriptor, location.path)):
            innermost, name = start, found
    return name


def _extent(span: Sequence[int]) -> tuple[tuple[int, int], tuple[int, int]]:
    # descriptor.proto leaves the line of the end out if it is the line of the start.
    return (span[0], span[1]), (span[0] if len(span) == 3 else span[2], span[-1])


def _name(descriptor: descriptor_pb2.FileDescriptorProto, path: Sequence[int]) -> str:
    """Return full name of the element that a source path leads to; empty if it leads to something else."""
    if not path or len(path) % 2:
        return ""
    node: Message = descriptor
    names = [descriptor.package]
    for number, index in zip(path[::2], path[1::2], strict=True):
        field = node.DESCRIPTOR.fields_by_number.get(number)
        if field is None or not is_repeated(field) or field.message_type is None:
            return ""
        node = getattr(node, field.name)[index]
        names.append(getattr(node, "name", ""))
    return ".".join(name for name in names if name) if names[-1] else ""
