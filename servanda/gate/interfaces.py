"""The interfaces of a repository: their form, and what a change of them breaks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from servanda.checking.check import check
from servanda.checking.kinds import kinds
from servanda.configuration import Configuration
from servanda.errors import ServandaError
from servanda.interfaces.kind import Context
from servanda.interfaces.protobuf import buf
from servanda.interfaces.protobuf.bases import base_configuration
from servanda.interfaces.protobuf.kind import OpenedWorkspace
from servanda.patterns import within
from servanda.processes import bounded_memory
from servanda.verdict import Finding


@dataclass(frozen=True, slots=True)
class Examination:
    """What is known of the interfaces.

    Attributes:
        findings: What there is to object to, each with who is hit and what the policy makes of it.
        refused: What kept their form from being examined, if anything did.
    """

    findings: tuple[Finding, ...]
    refused: ServandaError | None = None


def examine(configuration: Configuration, cache: Path) -> Examination:
    """Find everything; paths are those from the root.

    What is broken is told even if nobody can tell whether the form is good.

    Raises:
        ConfigurationError: The waivers or the baseline are malformed.
        ContractError: A contract cannot be read, or names what does not exist.
        InterfaceError: The interfaces or their base cannot be read.
    """
    limits = configuration.limits
    context = Context(configuration.root, cache, dt.datetime.now(tz=dt.UTC).date(), configuration, limits=limits)
    with within(limits.patterns), bounded_memory("the interfaces", limits.memory_bytes):
        examined = check(None, None, context, kinds())
    workspaces = [each.workspace for each in examined.opened if isinstance(each, OpenedWorkspace)]

    def allows_programs() -> bool:
        before = base_configuration(configuration)
        return before is not None and before.interfaces.allow_buf_plugins

    root, findings = configuration.interfaces.root, examined.check.findings
    try:
        form = tuple(finding for each in workspaces for finding in buf.lint(each, root, allows_programs))
    except ServandaError as error:
        return Examination(findings, error)
    return Examination((*findings, *form))
