"""Coverage: one schema admits every value that another one admits."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from servanda.interfaces.openapi.admission.bounds import Bounds
from servanda.interfaces.openapi.admission.case import Case, Key, Term, is_open, keys
from servanda.interfaces.openapi.admission.cases import Cases
from servanda.interfaces.openapi.admission.gaps import counted, gaps, parts
from servanda.interfaces.openapi.admission.likeness import Likeness
from servanda.interfaces.openapi.admission.unchanged import Unchanged

_Question: TypeAlias = tuple[Term, Term]
_Name: TypeAlias = tuple[frozenset[Key], frozenset[Key]]
_Answering: TypeAlias = Generator[_Question, bool, bool]


@dataclass(slots=True)
class _Frame:
    """A question that waits for the answers to others.

    Attributes:
        name: The question.
        answering: What answers it.
        since: How many questions were answered with yes before it.
        is_assumed: Whether an answer after that assumes that this one is yes.
    """

    name: _Name
    answering: _Answering
    since: int
    is_assumed: bool = False


class Coverage:
    """Answers about schemas on one side of a call; what was asked once is remembered.

    Properties that a schema neither lists nor forbids count as not there: else no property could ever be added.
    A schema that contains itself is covered if nothing else speaks against it.
    """

    def __init__(self, cases: Cases, likeness: Likeness, unchanged: Unchanged, bounds: Bounds) -> None:
        self._cases = cases
        self._likeness = likeness
        self._unchanged = unchanged
        self._steps = bounds.steps
        self.is_exhausted = False
        """True once an answer was no because there were too many pairs to look at."""
        self._known: dict[_Name, bool] = {}
        self._yes: list[_Name] = []

    def covers(self, one: Term, other: Term) -> bool:
        """Tell whether all that one term admits is admitted by the other one, as far as it can be told."""
        return self._run(self._all(one, other), (keys(one), keys(other)))

    def covers_case(self, one: Case, other: Case) -> bool:
        """Tell the same of two cases; of the second one its rivals are not asked."""
        return self._run(self._inside(one, other), (frozenset(), frozenset()))

    def _run(self, asked: _Answering, name: _Name) -> bool:
        # By hand, not by recursion: chains of schemas can be longer than the stack is deep.
        if name in self._known:
            return self._known[name]
        stack = [_Frame(name, asked, len(self._yes))]
        waiting = {name: stack[0]}
        answer: bool | None = None
        left = self._steps
        while stack:
            frame = stack[-1]
            try:
                question = next(frame.answering) if answer is None else frame.answering.send(answer)
            except StopIteration as end:
                answer = bool(end.value)
                stack.pop()
                del waiting[frame.name]
                self._remember(frame, answer=answer)
                continue
            question = (self._cases.settled(question[0]), self._cases.settled(question[1]))
            name = (keys(question[0]), keys(question[1]))
            answer = self._told(question, name, waiting)
            if answer is None:
                left -= 1
                if left < 0:
                    self.is_exhausted = True
                    answer = False
                    continue
                stack.append(_Frame(name, self._all(*question), len(self._yes)))
                waiting[name] = stack[-1]
        self._known.pop((frozenset(), frozenset()), None)
        self._yes.clear()
        return bool(answer)

    def _told(self, question: _Question, name: _Name, waiting: dict[_Name, _Frame]) -> bool | None:
        one, other = question
        if is_open(other) or (len(one) == len(other) == 1 and self._unchanged.holds(one[0], other[0])):
            return True
        if name in waiting:
            waiting[name].is_assumed = True
            return True
        return self._known.get(name)

    def _remember(self, frame: _Frame, *, answer: bool) -> None:
        self._known[frame.name] = answer
        if answer:
            self._yes.append(frame.name)
        elif frame.is_assumed:
            # What was answered since may rest on the assumption that this is true.
            for each in self._yes[frame.since :]:
                self._known.pop(each, None)
            del self._yes[frame.since :]

    def _all(self, one: Term, other: Term) -> _Answering:
        for case in self._cases.of(one):
            if not (yield from self._within(case, other)):
                return False
        return True

    def _within(self, one: Case, other: Term) -> _Answering:
        candidates = [case for case in self._cases.of(other) if case.kind == one.kind]
        listed = counted(one)
        if listed is not None and one.kind not in {"object", "array"} and _lists(candidates, listed):
            return True
        for case in self._likeness.likeliest(one, candidates):
            if (yield from self._inside(one, case)):
                return True
        return False

    def _inside(self, one: Case, other: Case) -> _Answering:
        if next(gaps(one, other, self._cases), None) is not None:
            return False
        for part in parts(one, other):
            if not (yield part.one, part.other):
                return False
        return True


def _lists(candidates: list[Case], values: frozenset[str]) -> bool:
    """Tell whether every value is listed by some case."""
    found: Iterator[frozenset[str]] = (case.values for case in candidates if case.values is not None)
    return values <= frozenset().union(*found)
