"""What there is to object to in the interfaces of a repository: their form, and what they break."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from servanda.compatibility import buf
from servanda.compatibility.bases import base_configuration, default_base
from servanda.compatibility.check import check
from servanda.compatibility.inputs import Opener
from servanda.compatibility.rules.rule import Conventions
from servanda.configuration import Configuration
from servanda.errors import ServandaError
from servanda.impact.judgement import Subject, judge
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
    """Return all findings; paths are relative to the repository.

    What they break is told even if nobody can tell whether their form is good.

    Raises:
        ConfigurationError: The waivers or the baseline are malformed.
        ContractError: A contract cannot be read, or names what does not exist.
        InterfaceError: The interfaces or their base cannot be read.
    """
    root, interfaces = configuration.root, str(configuration.interfaces.root)
    opener, today = Opener(root, cache), dt.datetime.now(tz=dt.UTC).date()
    base = default_base(configuration, root)
    bases = [opener.open(base, beside=interfaces)] if base is not None else []
    current = opener.open(interfaces)
    broken = check(current, bases, Conventions(configuration.events.option, today))
    subject = Subject(interfaces, base or "", tuple(each.state for each in bases), current.state)
    judged = judge(subject, broken, configuration, today)

    def allows_programs() -> bool:
        before = base_configuration(configuration)
        return before is not None and before.interfaces.allow_buf_plugins

    try:
        form = buf.lint(current, configuration.interfaces.root, allows_programs)
    except ServandaError as error:
        return Examination(judged.findings, error)
    return Examination((*judged.findings, *form))
