"""The verdict as one page of HTML that needs nothing else, with a picture of who is hit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servanda.escaping.documents import html_text
from servanda.report import finding_wording, picture, wording
from servanda.report.formats import Format
from servanda.report.grouping import ChangedElement, by_element
from servanda.report.page_style import STYLE, content_policy
from servanda.verdict import Arrow, ConsumerImpact, InteractionResult, Outcome, Reason, StageResult, Verdict, arrows


def render(verdict: Verdict) -> str:
    """Write the answer, stages and contracts, the picture, each changed element, what did not hold and why."""
    elements = by_element(verdict.findings)
    body = "\n".join(
        [
            f"<h1>{_badge(verdict.answer)} {html_text(wording.answer(verdict).partition(': ')[2])}</h1>",
            *_list(finding_wording.conclusions(verdict.stages)),
            *_tables(verdict),
            picture.draw(elements),
            *map(_element, elements),
            *(trouble for stage in verdict.stages for trouble in _troubles(stage)),
            *_footer(verdict),
        ]
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{content_policy()}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Servanda: {verdict.answer}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _badge(name: str) -> str:
    return f'<span class="badge {name}">{html_text(name.replace("-", " "))}</span>'


def _list(lines: Iterable[str]) -> Iterator[str]:
    items = "".join(f"<li>{html_text(line)}</li>" for line in lines)
    if items:
        yield f"<ul>{items}</ul>"


def _tables(verdict: Verdict) -> Iterator[str]:
    if len(verdict.stages) > 1:
        yield _table(("stage", "result", "seconds"), map(_stage, verdict.stages))
    if verdict.results:
        header = ("consumer", "provider", "transport", "interactions", "result", "where to look")
        yield _table(header, map(_arrow, arrows(verdict.results)))


def _stage(stage: StageResult) -> tuple[str, ...]:
    return html_text(stage.name), _badge(stage.outcome), f"{stage.seconds:.1f}"


def _arrow(arrow: Arrow) -> tuple[str, ...]:
    parties = html_text(arrow.consumer), html_text(arrow.provider), str(arrow.transport)
    place = f"<code>{html_text(str(arrow.where))}</code>"
    return *parties, f"{arrow.held}/{len(arrow.results)}", _badge(arrow.outcome), place


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    head = "".join(f"<th>{name}</th>" for name in header)
    body = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>'


def _element(element: ChangedElement) -> str:
    name = f" <code>{html_text(element.name)}</code>" if element.name else ""
    place = [f'<p class="place"><code>{html_text(str(element.span.start))}</code></p>'] if element.span.path else []
    rules = "\n".join(
        f'<li id="{html_text(each.fingerprint)}">{html_text(finding_wording.objection(each, element))}</li>'
        for each in element.findings
    )
    return "\n".join(
        [
            f'<article class="{element.severity}">',
            f"<h2>{_badge(element.severity)}{name}</h2>",
            *place,
            f"<ul>\n{rules}\n</ul>",
            *_consumers(element),
            *map(_sentence, finding_wording.transition(element.transition)),
            *_steps(element),
            "</article>",
        ]
    )


def _sentence(line: str) -> str:
    return f"<p>{html_text(line[0].upper() + line[1:])}.</p>"


def _consumers(element: ChangedElement) -> Iterator[str]:
    if element.consumers:
        yield _table(("consumer", "owner", "impact", "evidence"), map(_consumer, element.consumers))
    elif element.transition is not None:
        yield _sentence(finding_wording.NOBODY)


def _consumer(hit: ConsumerImpact) -> tuple[str, ...]:
    first, more, rest = finding_wording.proofs(hit)
    evidence = html_text(first)
    if rest:
        folded = "".join(f"<li>{html_text(proof)}</li>" for proof in rest)
        evidence += f"<details><summary>and {html_text(more)}</summary><ul>{folded}</ul></details>"
    aside = f" {finding_wording.SOURCE_ONLY}" if hit.source_only else ""
    return html_text(hit.consumer.name), html_text(hit.consumer.owner), _badge(hit.impact) + aside, evidence


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


def _troubles(stage: StageResult) -> Iterator[str]:
    if stage.reasons:
        yield _trouble(stage.outcome, stage.name, stage.reasons)
    for result in stage.results:
        if result.outcome is not Outcome.HELD:
            yield _interaction(result)


def _interaction(result: InteractionResult) -> str:
    comments = "".join(f"<p>{html_text(line)}</p>" for line in wording.comments(result))
    again = f"<pre>{html_text(wording.repeated(result))}</pre>" if wording.repeated(result) else ""
    where = f'<p class="place"><code>{html_text(str(result.evidence))}</code></p>{comments}'
    return _trouble(result.outcome, wording.heading(result), result.reasons, where, again)


def _trouble(outcome: Outcome, heading: str, reasons: Iterable[Reason], before: str = "", after: str = "") -> str:
    told = "\n".join(f"<pre>{_lines(wording.lines(reason))}</pre>" for reason in reasons)
    title = f"<h2>{_badge(outcome)} {html_text(heading)}</h2>"
    return f'<article class="{outcome}">\n{title}\n{before}{told}{after}\n</article>'


def _footer(verdict: Verdict) -> Iterator[str]:
    told = [wording.store(fact) for fact in verdict.infrastructure]
    told += [f"{name} {verdict.versions[name]}" for name in sorted(verdict.versions)]
    if told:
        yield f'<p class="place">Examined on {html_text(", ".join(told))}.</p>'


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(html_text(line) for line in lines)


FORMAT = Format("html", "verdict.html", render)
