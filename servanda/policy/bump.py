"""Which part of its version a change of an interface has to raise (https://semver.org)."""

from __future__ import annotations

from collections.abc import Iterable

from servanda.interfaces.protobuf.schema import File, State
from servanda.policy.rules import CATEGORY
from servanda.policy.severity import is_unstable
from servanda.verdict import Bump, Finding, Severity


def bump_of(previous: State, current: State, findings: Iterable[Finding]) -> Bump:
    """Major for a break, waived or known from the baseline as well; minor for anything new; patch for any other edit.

    Breaks of alpha and beta packages raise the minor part: nobody was promised anything. Reported findings that break
    nobody for certain raise it too.
    """
    told = [finding for finding in findings if not is_unstable(finding.element) and finding.category != CATEGORY]
    if any(finding.severity in (Severity.ERROR, Severity.WAIVED, Severity.BASELINE) for finding in told):
        return Bump.MAJOR
    before, after = _differing(previous, current), _differing(current, previous)
    # Of two compilers each may write the same definition in its own order.
    if [file.proto for file in before] == [file.proto for file in after]:
        return Bump.NONE
    if _names(after) - _names(before) or any(finding.category != CATEGORY for finding in findings):
        return Bump.MINOR
    return Bump.PATCH


def in_initial_development(raised: Bump) -> Bump:
    """The same for a version 0.y.z, which promises nothing yet: what breaks raises the minor part."""
    return Bump.MINOR if raised is Bump.MAJOR else raised


def _differing(state: State, other: State) -> list[File]:
    """The files that do not say the same in the other state: nothing new can be in the rest."""
    return [file for path, file in state.files.items() if path not in other.files or not file.says(other.files[path])]


def _names(files: Iterable[File]) -> frozenset[str]:
    return frozenset(
        name
        for file in files
        for name in (
            *(element.full_name for element in file.messages.values()),
            *(f"{m.full_name}.{field.name}" for m in file.messages.values() for field in m.proto.field),
            *(element.full_name for element in file.enums.values()),
            *(f"{e.full_name}.{value.name}" for e in file.enums.values() for value in e.proto.value),
            *(element.full_name for element in file.services.values()),
            *(f"{s.full_name}.{method.name}" for s in file.services.values() for method in s.proto.method),
            *(element.full_name for element in file.extensions.values()),
        )
    )
