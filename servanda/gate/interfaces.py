"""The interfaces of a repository: their form, and what a change of them breaks."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from servanda.checking.check import check
from servanda.checking.kinds import kinds
from servanda.configuration import Configuration
from servanda.errors import ServandaError
from servanda.gate.reasons import could_not_run
from servanda.interfaces.kind import Context
from servanda.interfaces.protobuf import buf
from servanda.interfaces.protobuf.bases import base_configuration
from servanda.interfaces.protobuf.kind import OpenedWorkspace
from servanda.patterns import within
from servanda.processes import bounded_memory
from servanda.verdict import Outcome, StageResult, outcome_of


def examine(configuration: Configuration, cache: Path) -> StageResult:
    """Find everything; paths are those from the root.

    Broken by any finding of severity error, those of the form included; else unknown if the form could not be examined.

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

    root, stage = configuration.interfaces.root, examined.stage
    try:
        form = tuple(finding for each in workspaces for finding in buf.lint(each, root, allows_programs))
    except ServandaError as error:
        outcome = Outcome.BROKEN if stage.outcome is Outcome.BROKEN else Outcome.UNKNOWN
        return replace(stage, outcome=outcome, reasons=(could_not_run(error, configuration.root),))
    findings = (*stage.findings, *form)
    return replace(stage, outcome=outcome_of(findings), findings=findings)
