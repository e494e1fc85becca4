"""The form of the configured protos, with the levels that the repository chose."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from servanda.checking.check import policy_of
from servanda.checking.kinds import kinds
from servanda.checking.levels import require_known_rules
from servanda.configuration import Configuration
from servanda.interfaces.kind import Context
from servanda.interfaces.protobuf import buf
from servanda.interfaces.protobuf.bases import base_configuration
from servanda.interfaces.protobuf.inputs import Opener
from servanda.policy import policy
from servanda.processes import bounded_memory
from servanda.verdict import Finding


def lint(configuration: Configuration, cache: Path) -> tuple[Finding, ...]:
    """Return what buf objects to; paths are those from the root.

    A waiver is for a break: none covers what is found here.

    Raises:
        ConfigurationError: A level is given to an unknown rule, or the waivers are malformed.
        InterfaceError: The protos do not compile, or ``buf.yaml`` asks for what is not allowed.
        ProcessError: buf cannot be run.
    """
    root, limits = configuration.root, configuration.limits
    context = Context(root, cache, dt.datetime.now(tz=dt.UTC).date(), configuration, limits=limits)
    require_known_rules(configuration, kinds())

    def allows_programs() -> bool:
        before = base_configuration(configuration)
        return before is not None and before.interfaces.allow_buf_plugins

    folder = configuration.interfaces.root
    with bounded_memory("buf lint", limits.memory_bytes):
        workspace = Opener(root, cache, limits).open_folder(context.shown(folder))
        found = buf.lint(workspace, folder, allows_programs)
    return policy.leveled(found, policy_of(context))
