"""Facts that the rest of the suite produces and hands on: immutable, comparable, free of prose."""

from treaty.verdict.arrow import Arrow, arrows
from treaty.verdict.check import Bump, Check
from treaty.verdict.finding import Consumer, ConsumerImpact, Evidence, Finding, Impact, Severity
from treaty.verdict.interaction import InteractionResult, Mismatch, Reason, ReasonKind
from treaty.verdict.location import Location, Span
from treaty.verdict.outcome import Answer, Outcome, Transport
from treaty.verdict.run import StageResult, StoreFact, Verdict, combine, decide
from treaty.verdict.transition import DeployOrder, Transition

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
    "InteractionResult",
    "Location",
    "Mismatch",
    "Outcome",
    "Reason",
    "ReasonKind",
    "Severity",
    "Span",
    "StageResult",
    "StoreFact",
    "Transition",
    "Transport",
    "Verdict",
    "arrows",
    "combine",
    "decide",
]
