"""A rule as one row: everything that is known about it stands there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from string import Template
from typing import Any

from servanda.interfaces.effect import Effect
from servanda.interfaces.transition import Breaks
from servanda.verdict import Finding, Severity, Span, Steps, Transition


@dataclass(frozen=True, slots=True)
class Objection:
    """One change that a rule objects to.

    Attributes:
        path: File of the current state that it is about; empty if there is none any more.
        span: Where in it; ``None`` for the file as a whole.
        element: Full name of what changed, as it was called before if it is gone.
        message: What changed, from what to what.
        previous_path: File of the previous state that it is about.
        beside: Another place that belongs to it, as the end of a sentence; it moves with lines, and so identifies
            nothing.
        label: Word with ``=`` in front of the stretch, which belongs to it although the source positions leave it out.
        example: A value that shows the change, as a part of the sentence; it follows from more than the element, and so
            identifies nothing.
        part_of: The element of whose change it is a part; empty if it stands for itself.
    """

    path: str
    span: Span | None
    element: str
    message: str
    previous_path: str
    beside: str = ""
    label: str = ""
    example: str = ""
    part_of: str = ""

    @property
    def sentence(self) -> str:
        """Return the message, with the example, and the other place in brackets."""
        text = self.message.removesuffix(".")
        text += f"; {self.example}" if self.example else ""
        text += f" ({self.beside})" if self.beside else ""
        return f"{text}." if self.example or self.beside else self.message


Handler = Callable[[Any], Iterator[Objection]]


@dataclass(frozen=True, slots=True)
class Remedy:
    """The way to make a change without breaking anybody, as templates.

    ``$name``, ``$element`` and the other words of :attr:`servanda.interfaces.kind.Kind.words` stand for the element at
    hand.

    Attributes:
        expand: What to add first, in a release that breaks nobody.
        migrate: What has to happen before the next step, and how to know that it did.
        contract: What may be taken away then.
        before: The definition as it is.
        after: The definition after the step ``expand``.
    """

    expand: str
    migrate: str
    contract: str
    before: str = ""
    after: str = ""

    def steps(self, words: Mapping[str, str]) -> Steps:
        """Return the steps for one element.

        Args:
            words: The word for each placeholder.

        Raises:
            KeyError: A placeholder has no word.
        """
        texts = (self.expand, self.migrate, self.contract, self.before, self.after)
        return Steps(*(Template(text).substitute(words) for text in texts))


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of a kind's table.

    Attributes:
        id: Stable identifier.
        purpose: One sentence that starts with "Checks that".
        why: One sentence: how the change breaks somebody.
        categories: Levels of strictness, or the subject, that it belongs to.
        subject: What the handler is handed, as the kind calls it.
        handler: Yields what it objects to.
        breaks: The side that stops understanding the other; ``None`` for a rule about how a change is made.
        effect: Maps a consumer's use of the element to an impact.
        remedy: How to make the change without breaking anybody.
        severity: What a finding does to the change as long as no consumer is known to break: the definition alone does
            not always tell whether it breaks anybody.
    """

    id: str
    purpose: str
    why: str
    categories: tuple[str, ...]
    subject: str
    handler: Handler
    breaks: Breaks | None
    effect: Effect
    remedy: Remedy
    severity: Severity = Severity.ERROR

    def finding(
        self,
        objection: Objection,
        span: Span,
        words: Mapping[str, str],
        transition: Transition | None,
        category: str = "",
    ) -> Finding:
        """Return the finding that an objection is.

        Args:
            objection: What this rule objects to.
            span: Where it is, as it is shown to a person.
            words: The words for the element, see :class:`Remedy`.
            transition: What happens while only one side has the change; ``None`` where that is no question.
            category: The category under which it counts; the first one if left out.
        """
        identity = "\0".join((self.id, objection.element, objection.message)).encode()
        return Finding(
            rule=self.id,
            category=category or self.categories[0],
            severity=self.severity,
            span=span,
            element=objection.element,
            message=objection.sentence,
            fingerprint=hashlib.sha256(identity).hexdigest()[:16],
            transition=transition,
            why=self.why,
            steps=self.remedy.steps(words),
            part_of=objection.part_of,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with the row that it was found under.

    Attributes:
        within: The parts of the interface that changed, if its element is only what they lead to: it concerns nobody
            who has nothing to do with them. Empty if the element itself changed.
    """

    rule: Rule
    finding: Finding
    within: tuple[str, ...] = ()
