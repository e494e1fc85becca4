"""The severity of a finding, by its rule, by the stability of its package and by what is known of consumers."""

from __future__ import annotations

import re
from typing import Final

from servanda.verdict import Finding, Impact, Severity

# https://buf.build/docs/configuration/v2/buf-yaml#ignore_unstable_packages
_UNSTABLE: Final = re.compile(r"v\d+(?:p\d+)?(?:alpha|beta)\d*|v\d+test\w*")


def severity_of(finding: Finding) -> Severity:
    """Return the severity before anybody waives anything.

    Alpha and beta packages are reported and never stop a change. What all known consumers were observed not to use is
    reported too; it counts as used as long as one of them is unknown.
    """
    impacts = {hit.impact for hit in finding.consumers}
    if is_unstable(finding.element):
        return Severity.WARNING
    if Impact.BROKEN in impacts:
        return Severity.ERROR
    if impacts == {Impact.UNAFFECTED}:
        return Severity.WARNING
    return finding.severity


def is_unstable(element: str) -> bool:
    """Tell whether an element, or a file, belongs to a package whose version says alpha, beta or test."""
    return any(_UNSTABLE.fullmatch(part) for part in re.split(r"[./]", element))
