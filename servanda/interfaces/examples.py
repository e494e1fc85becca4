"""For each rule a change that it objects to, with the safe steps for that change."""

from __future__ import annotations

import importlib.resources
import json
from dataclasses import dataclass

from servanda.verdict import Steps


@dataclass(frozen=True, slots=True)
class Example:
    """A change that a rule objects to.

    Attributes:
        element: The element that changes.
        diff: The change as a diff of files.
        steps: How to make it without breaking anybody.
    """

    element: str
    diff: str
    steps: Steps


def example_of(rule: str) -> Example:
    """Return the change of a rule's fixture, as ``python -m codegen`` has written it down.

    Raises:
        KeyError: There is no such rule.
    """
    file = importlib.resources.files("servanda.interfaces") / "examples.json"
    found = json.loads(file.read_text(encoding="utf-8"))[rule]
    return Example(found["element"], found["diff"], Steps(**found["steps"]))
