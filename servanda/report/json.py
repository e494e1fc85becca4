"""The verdict as JSON, for programs; ``docs/reference/verdict.schema.json`` describes it."""

from __future__ import annotations

from servanda.escaping.documents import json_text
from servanda.report.formats import Format
from servanda.verdict import Verdict
from servanda.verdict.document import to_document


def render(verdict: Verdict) -> str:
    """Write the document of the verdict, from which :func:`servanda.verdict.document.from_document` reads it back."""
    return json_text(to_document(verdict))


FORMAT = Format("json", "verdict.json", render, mark=r'\A\{\s*"verdict":\s*"')
