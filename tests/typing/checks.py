"""A script that checks an interface and reads the verdict, with types."""

import datetime as dt
from pathlib import Path
from typing import assert_type

from servanda import (
    Check,
    CheckContext,
    CheckInput,
    Configuration,
    ConsumerImpact,
    Examined,
    Finding,
    Impact,
    ServandaError,
    Severity,
    check,
    find_configuration,
    interface_kinds,
    load_configuration,
)


def broken(root: Path) -> list[Finding]:
    configuration = load_configuration(find_configuration(root))
    assert_type(configuration, Configuration)
    context = CheckContext(root, root / ".cache", dt.date(2026, 1, 2), configuration)
    try:
        examined = check(CheckInput("proto", "main"), None, context, interface_kinds())
    except ServandaError as error:
        raise SystemExit(str(error)) from error
    assert_type(examined, Examined)
    assert_type(examined.check, Check)
    return [finding for finding in examined.check.findings if finding.severity is Severity.ERROR]


def hit(finding: Finding) -> list[ConsumerImpact]:
    return [each for each in finding.consumers if each.impact is Impact.BROKEN]
