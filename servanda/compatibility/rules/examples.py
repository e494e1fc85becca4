"""For each rule a change that it objects to."""

from __future__ import annotations

import importlib.resources
import json


def example_of(rule: str) -> str:
    """The change as a diff of proto files; written by ``python -m codegen`` from the rule's fixture.

    Raises:
        KeyError: There is no such rule.
    """
    file = importlib.resources.files("servanda.compatibility.rules") / "examples.json"
    return str(json.loads(file.read_text(encoding="utf-8"))[rule])
