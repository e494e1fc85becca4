"""Order of a deployment, as text and as JSON."""

from __future__ import annotations

import itertools
import json

import msgspec

from servanda.policy.deployment import Deployment, Meeting
from servanda.report.line import Line, plain


def text(found: Deployment) -> str:
    """Return an order as text."""
    return plain(_lines(found))


def _lines(found: Deployment) -> list[Line]:
    lines: list[Line] = []
    if found.waves:
        lines.append(("deploy in this order; what stands in one line may be deployed at the same time",))
        lines += [(f"{number:>3}. {', '.join(wave)}",) for number, wave in enumerate(found.waves, 1)]
    for meeting in found.blocked:
        lines.append((f"nobody in this set can go first: {meeting.title} do not understand each other",))
        lines += _told(meeting)
    if found.cycle:
        lines.append(("no order is safe: each of these demands that another one goes first",))
        for meeting in found.cycle:
            lines.append((f"  {meeting.title}",))
            lines += _told(meeting)
    for title, meetings in itertools.groupby(found.unproven, lambda meeting: meeting.title):
        lines.append((f"unproven: {title}",))
        lines += (line for meeting in meetings for line in _told(meeting))
    for service, meeting in found.rollback.items():
        lines.append((f"{service} cannot be rolled back alone: {meeting.title} do not understand each other",))
    if found.waves and not found.rollback and not found.unproven:
        lines.append(("each service can be rolled back alone",))
    return lines


def _told(meeting: Meeting) -> list[Line]:
    told: list[Line] = [(f"      {meeting.why}",)] if meeting.why else []
    return [*told, (f"      first: {meeting.expand}",)] if meeting.expand else told


def document(found: Deployment) -> str:
    """Return an order as JSON."""
    whole = {"outcome": str(found.outcome), **msgspec.to_builtins(found)}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
