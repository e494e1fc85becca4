"""Facts that the rest of the suite produces and hands on: immutable, comparable, free of prose."""

from servanda.verdict.arrow import Arrow, arrows
from servanda.verdict.check import Bump, Check
from servanda.verdict.finding import Consumer, ConsumerImpact, Evidence, Finding, Impact, Severity, Steps
from servanda.verdict.interaction import InteractionResult, Mismatch, Reason, ReasonKind
from servanda.verdict.location import Location, Span
from servanda.verdict.outcome import Answer, Outcome, Transport
from servanda.verdict.run import InstanceFact, StageResult, StoreFact, Verdict, combine, decide
from servanda.verdict.transition import DeployOrder, Transition

__all__ = [
    "Answer",
    "Arrow",
    "Bump",
    "Check",
    "Consumer",
    "ConsumerImpact",
    "DeployOrder",
    "Evidence",
    "Finding",
    "Impact",
    "InstanceFact",
    "InteractionResult",
    "Location",
    "Mismatch",
    "Outcome",
    "Reason",
    "ReasonKind",
    "Severity",
    "Span",
    "StageResult",
    "Steps",
    "StoreFact",
    "Transition",
    "Transport",
    "Verdict",
    "arrows",
    "combine",
    "decide",
]
