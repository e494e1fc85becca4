"""What there is to object to in the interfaces of a repository: their form, and what they break."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from servanda.compatibility import buf
from servanda.compatibility.bases import default_base
from servanda.compatibility.check import check
from servanda.compatibility.inputs import Opener
from servanda.compatibility.rules.rule import Conventions
from servanda.configuration import Configuration
from servanda.impact.judgement import Subject, judge
from servanda.patterns import within
from servanda.verdict import Finding


def examine(configuration: Configuration, cache: Path) -> tuple[Finding, ...]:
    """All findings, each with who is hit and what the policy makes of it; paths are relative to the repository.

    Raises:
        ConfigurationError: The waivers or the baseline are malformed.
        ContractError: A contract cannot be read, or names what does not exist.
        InterfaceError: The interfaces or their base cannot be read.
    """
    root, interfaces = configuration.root, str(configuration.interfaces.root)
    opener, today = Opener(root, cache, configuration.limits), dt.datetime.now(tz=dt.UTC).date()
    base = default_base(configuration, root)
    bases = [opener.open(base, beside=interfaces)] if base is not None else []
    current = opener.open(interfaces)
    broken = check(current, bases, Conventions(configuration.events.option, today))
    subject = Subject(interfaces, base or "", tuple(each.state for each in bases), current.state)
    with within(configuration.limits.patterns):
        judged = judge(subject, broken, configuration, today)
    return (*judged.findings, *buf.lint(current, configuration.interfaces.root))
