"""Memory of what a step has to leave as it was, and what counts as a break between versions."""

from servanda.versions.oracle.answer import Answer, Question
from servanda.versions.oracle.breaks import Break, BreakKind, OldAlone
from servanda.versions.oracle.comparison import Difference, differences, members
from servanda.versions.oracle.events import EventFault, FaultSort
from servanda.versions.oracle.memory import Memory, Remembered
from servanda.versions.oracle.writes import Miscount, Passed, Published, Write, Writes

__all__ = [
    "Answer",
    "Break",
    "BreakKind",
    "Difference",
    "EventFault",
    "FaultSort",
    "Memory",
    "Miscount",
    "OldAlone",
    "Passed",
    "Published",
    "Question",
    "Remembered",
    "Write",
    "Writes",
    "differences",
    "members",
]
