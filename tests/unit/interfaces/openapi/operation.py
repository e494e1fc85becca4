"""Documents around one part of an operation, and the rules that object when it becomes another one."""

from __future__ import annotations

from servanda.interfaces.openapi.check import check_document
from servanda.interfaces.openapi.document import Document
from servanda.verdict import Finding

EMPTY = "openapi: 3.1.0\npaths: {}\n"


def findings(before: str, after: str) -> tuple[Finding, ...]:
    """Return the findings if one document becomes another."""
    documents = (Document(text, "openapi.yaml") for text in (before, after))
    return tuple(each.finding for each in check_document(*documents))


def rules(before: str, after: str) -> set[str]:
    """The rules that object, without what all their names begin with."""
    return {finding.rule.removeprefix("OPENAPI_") for finding in findings(before, after)}


def get(part: str, path: str = "/crates", rest: str = "") -> str:
    """A document with one operation, of which a part is given, as YAML in a line."""
    return f"openapi: 3.0.3\npaths:\n  {path}:\n    get: {{{part}}}\n{rest}"
