"""From findings to the whole result of a check: who is hit, what the policy makes of it, what follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from servanda.configuration import Configuration
from servanda.impact.assessment import assess
from servanda.impact.elements import Change
from servanda.impact.known import consumers, usage_of
from servanda.impact.openapi.examined import Examined
from servanda.impact.use import Usage
from servanda.interfaces.protobuf.releases import in_initial_development
from servanda.interfaces.protobuf.schema import State
from servanda.interfaces.rule import Found
from servanda.policy import bump, order, policy
from servanda.verdict import Bump, Check


@dataclass(frozen=True, slots=True)
class Subject:
    """What was compared.

    Attributes:
        input: The state that was examined, as somebody wrote it.
        base: What it was compared with, as somebody wrote it; empty if there was nothing yet.
        bases: The states that it was compared with, the oldest first.
        document: The OpenAPI document, if one was compared and not the interfaces.
    """

    input: str
    base: str
    bases: tuple[State, ...]
    current: State
    document: Examined | None = None


def judge(subject: Subject, findings: Iterable[Found], configuration: Configuration | None, today: dt.date) -> Check:
    """The result of a check.

    Args:
        subject: What was compared.
        findings: All that the rules found; none is left out of the result.
        configuration: Says where contracts, waivers and owners are; without one no consumer is known.
        today: The day on which waivers have to be valid.

    Raises:
        ConfigurationError: The waivers or the baseline are malformed.
        ContractError: A contract cannot be read, or names what does not exist.
    """
    bases, current = subject.bases, subject.current
    usage = _usage(subject, configuration)
    known = consumers(configuration, usage) if configuration else ()
    assessed = assess(findings, Change(bases, current), usage, known)
    documents = not any(state.files for state in (*bases, current))
    decided = policy.apply(assessed, policy_of(configuration, today), documents=documents)
    raised = bump.bump_of(bases[-1], current, decided) if bases else Bump.NONE
    ordered = order.order_of(decided, raised)
    if configuration is not None and in_initial_development(configuration.interfaces.releases):
        raised = bump.in_initial_development(raised)
    return Check(subject.input, subject.base, decided, raised, ordered)


def _usage(subject: Subject, configuration: Configuration | None) -> Usage:
    if configuration is None:
        return Usage()
    if subject.document is not None:
        # Most checks are not about documents, and are over in less time than all of them takes to import.
        from servanda.impact.openapi.usage import usage_of_document  # noqa: PLC0415

        return usage_of_document(configuration, subject.document)
    states = (*subject.bases, subject.current)
    # Without interfaces, as beside a document that is new, recordings speak of what is not there.
    return usage_of(configuration, states) if any(state.files for state in states) else Usage()


def policy_of(configuration: Configuration | None, today: dt.date) -> policy.Policy:
    """What a repository decided about findings; nothing without a configuration.

    Raises:
        ConfigurationError: The waivers or the baseline are malformed.
    """
    if configuration is None:
        return policy.Policy(today)
    return policy.load(policy_folder(configuration), configuration.root, today)


def policy_folder(configuration: Configuration) -> Path:
    """Where waivers and baseline are kept: beside the pacts."""
    return configuration.contracts.pacts.parent
