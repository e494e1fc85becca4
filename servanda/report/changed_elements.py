"""Changed elements for a page of HTML: the rules, who is hit by the change with which proof, and the safe steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servanda.escaping.documents import html_text
from servanda.report import finding_wording
from servanda.report.grouping import ChangedElement
from servanda.report.markup import badge, place, sentence, table
from servanda.verdict import ConsumerImpact

_HIT = ("consumer", "owner", "impact", "evidence")


def elements(changed: Iterable[ChangedElement]) -> Iterator[str]:
    """Show each element as an article."""
    return map(_element, changed)


def _element(element: ChangedElement) -> str:
    name = f" <code>{html_text(element.name)}</code>" if element.name else ""
    rules = "\n".join(
        f'<li id="{html_text(each.fingerprint)}">{html_text(finding_wording.objection(each, element))}</li>'
        for each in element.findings
    )
    return "\n".join(
        [
            f'<article class="{element.severity}">',
            f"<h3>{badge(element.severity)}{name}</h3>",
            *([place(str(element.span.start))] if element.span.path else []),
            f"<ul>\n{rules}\n</ul>",
            *_consumers(element),
            *map(sentence, finding_wording.transition(element.transition)),
            *_steps(element),
            "</article>",
        ]
    )


def _consumers(element: ChangedElement) -> Iterator[str]:
    if element.consumers:
        yield table(f"Consumers hit by the change of {element.name}", _HIT, map(_consumer, element.consumers))
    elif element.transition is not None:
        yield sentence(finding_wording.NOBODY)


def _consumer(hit: ConsumerImpact) -> tuple[str, ...]:
    first, more, rest = finding_wording.proofs(hit)
    evidence = html_text(first)
    if rest:
        folded = "".join(f"<li>{html_text(proof)}</li>" for proof in rest)
        evidence += f"<details><summary>and {html_text(more)}</summary><ul>{folded}</ul></details>"
    aside = f" {finding_wording.SOURCE_ONLY}" if hit.source_only else ""
    return html_text(hit.consumer.name), html_text(hit.consumer.owner), badge(hit.impact) + aside, evidence


def _steps(element: ChangedElement) -> Iterator[str]:
    named = finding_wording.steps(element)
    if not named:
        return
    steps = "".join(f"<li><strong>{name}</strong>: {html_text(step)}</li>" for name, step in named)
    yield f"<details><summary>Safe steps</summary><ol>{steps}</ol>"
    if element.steps.before:
        before, after = (_lines(text.split("\n")) for text in (element.steps.before, element.steps.after))
        yield (
            f'<div class="snippets"><div>before<pre>{before}</pre></div>'
            f"<div>after the first step<pre>{after}</pre></div></div>"
        )
    yield "</details>"


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(html_text(line) for line in lines)
