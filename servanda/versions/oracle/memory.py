"""The questions of a run with the answers that have to stay."""

from __future__ import annotations

import itertools
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from servanda.versions.oracle.answer import Answer, Question
from servanda.versions.oracle.comparison import Difference, differences, members
from servanda.versions.oracle.credentials import end_of
from servanda.versions.plan import Phase, Step

_MOST: Final = 400
# Pages of one list would crowd out everything else, and early questions those about what later steps wrote.
_MOST_OF_A_SHAPE: Final = 25
_ITSELF: Final = "$"
# How long it takes to ask all of them.
_ASKING_SECONDS: Final = 30
# Parts of a path that are values rather than names: they have a digit, or are long.
_VALUE: Final = re.compile(r"(?=[^/?&=]*\d)[^/?&=]+|[^/?&=]{25,}")


@dataclass(slots=True)
class Remembered:
    """One question.

    Attributes:
        answer: The answer at the end of the last step.
        since: Number of the step in which it was asked first.
        by_new: The answer while all services were new.
        volatile: Paths that differ although nobody wrote.
    """

    answer: Answer
    since: int
    by_new: Answer | None = None
    volatile: set[str] = field(default_factory=set)


class Memory:
    """Questions that journeys asked, kept through all steps.

    Args:
        volatile: Paths that are never compared.
        clock: Seconds since the epoch.

    Attributes:
        left_out: How many questions are not asked again: there are too many, or their credentials have ended.
    """

    def __init__(self, volatile: Iterable[str] = (), clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._volatile = frozenset(volatile)
        self._known: dict[Question, Remembered] = {}
        self._of_old: set[tuple[str, str]] = set()
        self._volatile_of_old: set[tuple[str, str]] = set()
        self._asked_by_old: set[str] = set()
        self.left_out = 0

    def questions(self) -> tuple[Question, ...]:
        """Return the questions that were answered well at the end of the last step; forget those that have ended."""
        now = self._clock() + _ASKING_SECONDS
        ended = [question for question in self._known if end_of(question) < now]
        for question in ended:
            del self._known[question]
        self.left_out += len(ended)
        return tuple(self._known)

    def remember(self, step: Step, answers: Mapping[Question, tuple[Answer, Answer]]) -> None:
        """Keep what is answered at the end of a step, when nobody writes any more.

        Args:
            step: The step.
            answers: Two answers to each question; where they differ, they are volatile.
        """
        for question, (first, second) in answers.items():
            known = self._known.get(question)
            if not (first.is_good and second.is_good):
                # What somebody deleted is no question any more; what old callers never asked waits for new ones.
                if not self._is_new_to_old(step, question):
                    self._known.pop(question, None)
                continue
            if known is None:
                self._make_room(shape_of(question))
                known = self._known[question] = Remembered(second, step.number)
            known.answer = second
            known.volatile |= {each.path for each in differences(first, second)}
            known.volatile |= {each.path for each in differences(second, first)}
            if step.phase in (Phase.OLD, Phase.ROLLING):
                # New callers have not been there yet.
                self._asked_by_old.add(shape_of(question))
            if step.phase is Phase.NEW:
                known.by_new = second
            if step.phase is Phase.OLD:
                shape = shape_of(question)
                self._of_old |= {(shape, path) for path in (_ITSELF, *members(second.body))}
                self._volatile_of_old |= {(shape, path) for path in known.volatile}

    def judge(self, step: Step, question: Question, now: Answer) -> tuple[Difference, ...]:
        """Return how an answer at the beginning of a step differs from the one that nobody had a reason to change."""
        if self._is_new_to_old(step, question):
            return ()
        known = self._known[question]
        ignored = self._volatile | known.volatile
        found = [
            each
            for each in differences(known.answer, now, ignored)
            if not self._is_unknown_to_old(step, question, each)
        ]
        if step.phase is Phase.FORWARD and known.by_new is not None and _only_lacks(known.answer, known.by_new):
            # What the new version wrote is there again, although the old one has lived with it meanwhile.
            found += [each for each in differences(known.by_new, now, ignored) if each.actual is None]
        return tuple(dict.fromkeys(found))

    def disagreements(
        self, step: Step, question: Question, rounds: Iterable[Sequence[Answer]]
    ) -> tuple[Difference, ...]:
        """Return how two live versions answer a question differently at the same time.

        Args:
            step: The step.
            question: A question that was asked before, or of the shape of one that old versions answered.
            rounds: Answers of all instances, several times: what an effect that is on its way changes, it changes once.
        """
        shape = shape_of(question)
        if (shape, _ITSELF) not in self._of_old:
            return ()  # what of it is new each time is not known
        known = self._known.get(question)
        ignored = self._volatile | (known.volatile if known is not None else set())
        ignored |= {path for each, path in self._volatile_of_old if each == shape}
        found = [
            {
                each.path: each
                for before, now in itertools.permutations(answers, 2)
                for each in differences(before, now, ignored)
                if not self._is_unknown_to_old(step, question, each)
            }
            for answers in rounds
        ]
        return tuple(each for path, each in found[0].items() if all(path in others for others in found))

    def _make_room(self, shape: str) -> None:
        """Forget a question where one more is too many: of the shape, and of the step, that have most of them."""
        shapes = Counter(map(shape_of, self._known))
        is_crowded = shapes[shape] >= _MOST_OF_A_SHAPE
        if not is_crowded and len(self._known) < _MOST:
            return
        self.left_out += 1
        crowding = shape if is_crowded else shapes.most_common(1)[0][0]
        same = {question: known.since for question, known in self._known.items() if shape_of(question) == crowding}
        most = Counter(same.values()).most_common(1)[0][0]
        del self._known[next(question for question, since in same.items() if since == most)]

    def _is_new_to_old(self, step: Step, question: Question) -> bool:
        """Tell whether an old instance may be asked what no old caller ever asked, such as a new call."""
        return _has_old(step) and shape_of(question) not in self._asked_by_old

    def _is_unknown_to_old(self, step: Step, question: Question, difference: Difference) -> bool:
        """Tell whether a member is missing because an old instance does not know it."""
        return (
            _has_old(step) and difference.actual is None and (shape_of(question), difference.path) not in self._of_old
        )


def _has_old(step: Step) -> bool:
    return step.phase not in (Phase.NEW, Phase.FORWARD)


def _only_lacks(answer: Answer, by_new: Answer) -> bool:
    """Tell whether an answer is that of the new version, but for members that the old one does not know."""
    return all(each.actual is None for each in differences(by_new, answer))


def shape_of(question: Question) -> str:
    """Return a question without the values in it: questions of one shape ask for things of one kind."""
    return shape_of_target(question.target)


def shape_of_target(target: str) -> str:
    """Return path and query without the values in them."""
    return _VALUE.sub("*", target)
