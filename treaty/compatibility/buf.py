"""Findings of the real ``buf``, run on images that are compiled here, so that it needs no network."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from google.protobuf import descriptor_pb2
from google.protobuf.message import Message

from treaty.compatibility.compiler import compile_workspace
from treaty.compatibility.releases import image_bytes, newest
from treaty.configuration import Configuration
from treaty.errors import InterfaceError
from treaty.verdict import Finding, Severity, Span

LINT = "LINT"
BREAKING = "BREAKING"
_FOUND_SOMETHING = 100
_NO_CONFIGURATION = '{"version": "v2"}'


def check(configuration: Configuration) -> tuple[Finding, ...]:
    """What buf objects to in the interfaces: their form, and what they break of the newest released version, if any.

    Positions are relative to the configuration's root.

    Raises:
        InterfaceError: The interfaces do not compile, or buf cannot be run.
    """
    root = configuration.interfaces.root
    image = compile_workspace(root)
    base = newest(configuration.interfaces.releases)
    with tempfile.TemporaryDirectory(prefix="treaty-buf-") as scratch:
        present = Path(scratch, "present.binpb")
        present.write_bytes(image_bytes(image, root))
        rules = _rules(root)
        found = list(_run(("lint", str(present), "--config", rules)))
        findings = [_finding(configuration, image, LINT, violation) for violation in found]
        if base is not None:
            found = list(_run(("breaking", str(present), "--against", str(base), "--config", rules)))
            findings += [_finding(configuration, image, BREAKING, violation) for violation in found]
    return tuple(sorted(findings, key=lambda finding: (finding.span, finding.rule, finding.message)))


def _rules(root: Path) -> str:
    file = root / "buf.yaml"
    return str(file) if file.is_file() else _NO_CONFIGURATION


def _run(arguments: Sequence[str]) -> Iterator[dict[str, object]]:
    executable = Path(sysconfig.get_path("scripts"), "buf")
    command = [str(executable), *arguments, "--error-format", "json"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise InterfaceError(
            f"buf cannot be run: {error.strerror}", where=str(executable), hint="install the package buf-bin"
        ) from error
    if done.returncode not in (0, _FOUND_SOMETHING):
        raise InterfaceError(f"'buf {arguments[0]}' failed with code {done.returncode}: {done.stderr.strip()}")
    for line in done.stdout.splitlines():
        yield json.loads(line)


def _finding(
    configuration: Configuration,
    image: descriptor_pb2.FileDescriptorSet,
    category: str,
    violation: dict[str, object],
) -> Finding:
    rule, message, file = str(violation["type"]), str(violation["message"]), str(violation.get("path", ""))
    start_line, start_column, end_line, end_column = (
        int(str(violation.get(key, 0))) for key in ("start_line", "start_column", "end_line", "end_column")
    )
    element = _element(image, file, start_line, start_column)
    identity = "\0".join((rule, element, message)).encode()
    return Finding(
        rule=rule,
        category=category,
        severity=Severity.ERROR,
        span=Span(_in_repository(configuration, file), start_line, start_column, end_line, end_column),
        element=element,
        message=message,
        fingerprint=hashlib.sha256(identity).hexdigest()[:16],
    )


def _in_repository(configuration: Configuration, file: str) -> str:
    path = configuration.interfaces.root / file
    return path.relative_to(configuration.root).as_posix() if path.is_relative_to(configuration.root) else str(path)


def _element(image: descriptor_pb2.FileDescriptorSet, file: str, line: int, column: int) -> str:
    """Full name of the innermost element that is written at this place; the package if it is none."""
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
    """Full name of the element that a source path leads to; empty if it leads to something else."""
    if not path or len(path) % 2:
        return ""
    node: Message = descriptor
    names = [descriptor.package]
    for number, index in zip(path[::2], path[1::2], strict=True):
        field = node.DESCRIPTOR.fields_by_number.get(number)
        if field is None or not field.is_repeated or field.message_type is None:
            return ""
        node = getattr(node, field.name)[index]
        names.append(getattr(node, "name", ""))
    return ".".join(name for name in names if name) if names[-1] else ""
