"""The interfaces of a repository: their form, and what a change of them breaks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from servanda.checking.check import check
from servanda.checking.kinds import kinds
from servanda.configuration import Configuration
from servanda.interfaces.kind import Context
from servanda.interfaces.protobuf import buf
from servanda.interfaces.protobuf.kind import OpenedWorkspace
from servanda.verdict import Finding


def examine(configuration: Configuration, cache: Path) -> tuple[Finding, ...]:
    """Find everything, each finding with who is hit and what the policy makes of it; paths are those from the root.

    Raises:
        ConfigurationError: The waivers or the baseline are malformed.
        ContractError: A contract cannot be read, or names what does not exist.
        InterfaceError: The interfaces or their base cannot be read.
    """
    context = Context(configuration.root, cache, dt.datetime.now(tz=dt.UTC).date(), configuration)
    examined = check(None, None, context, kinds())
    workspaces = (each.workspace for each in examined.opened if isinstance(each, OpenedWorkspace))
    form = (finding for each in workspaces for finding in buf.lint(each, configuration.interfaces.root))
    return (*examined.check.findings, *form)
