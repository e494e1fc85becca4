"""The verdict as one page of HTML that needs nothing else: pictures, differences, who is hit, what is not known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from servanda.escaping.documents import html_text
from servanda.report import (
    contract_details,
    finding_wording,
    picture,
    stage_times,
    system_picture,
    use_section,
    wording,
)
from servanda.report.changed_elements import elements as articles
from servanda.report.formats import Format
from servanda.report.grouping import ChangedElement, by_element
from servanda.report.markup import badge, bullets, section
from servanda.report.page_style import STYLE, content_policy
from servanda.verdict import Impact, Outcome, Verdict, arrows


def render(verdict: Verdict) -> str:
    """Write the answer, stages, pictures, what does not hold with both values, each changed element, all contracts."""
    told = {name: "".join(section(name, title, parts(verdict))) for name, (title, parts) in SECTIONS.items()}
    shown = [name for name, text in told.items() if text]
    links = "".join(f'<li><a href="#{name}">{SECTIONS[name][0]}</a></li>' for name in shown)
    body = "\n".join(
        [
            '<a class="skip" href="#main">Skip to the content</a>',
            "<header>",
            f"<h1>{badge(verdict.answer)} {html_text(wording.answer(verdict).partition(': ')[2])}</h1>",
            *bullets(finding_wording.conclusions(verdict.stages)),
            f'<nav aria-label="Sections"><ul>{links}</ul></nav>' if len(shown) > 1 else "",
            "</header>",
            '<main id="main" tabindex="-1">',
            *(told[name] for name in shown),
            "</main>",
        ]
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{content_policy()}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Servanda: {verdict.answer}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _stages(verdict: Verdict) -> Iterator[str]:
    if len(verdict.stages) > 1:
        yield stage_times.times(verdict.stages)


def _system(verdict: Verdict) -> Iterator[str]:
    told = arrows(verdict.results)
    if told:
        yield system_picture.draw(told)
        yield contract_details.overview(told)


def _changes(verdict: Verdict) -> Iterator[str]:
    elements = by_element(verdict.findings)
    yield picture.draw(elements)
    yield from articles(elements)


def _unknown(verdict: Verdict) -> Iterator[str]:
    yield from contract_details.troubles(verdict.stages, Outcome.UNKNOWN)
    yield from bullets(_unknown_consumers(by_element(verdict.findings)))


def _unknown_consumers(elements: Iterable[ChangedElement]) -> Iterator[str]:
    """Tell of which consumers nothing shows whether they use what changed."""
    names: dict[str, list[str]] = {}
    for element in elements:
        for hit in element.consumers:
            if hit.impact is Impact.UNKNOWN:
                names.setdefault(finding_wording.who(hit), []).append(element.name)
    for who, changed in sorted(names.items()):
        yield f"{who}: nothing shows whether it uses {', '.join(changed)}; that counts as in use"


def _basis(verdict: Verdict) -> Iterator[str]:
    """Tell with what, of what and when the answer was obtained."""
    facts = [
        ("stores", ", ".join(map(wording.store, verdict.infrastructure))),
        ("services", ", ".join(" ".join(filter(None, (f.service, f.version, f.commit))) for f in verdict.instances)),
        *((name, verdict.versions[name]) for name in sorted(verdict.versions)),
    ]
    if verdict.started:
        facts.append(("started", f"{dt.datetime.fromtimestamp(verdict.started // 1000, dt.UTC):%Y-%m-%d %H:%M:%S} UTC"))
    rows = "".join(f"<dt>{html_text(name)}</dt><dd>{html_text(value)}</dd>" for name, value in facts if value)
    if rows:
        yield f'<dl class="facts">{rows}</dl>'


def _troubles(*outcomes: Outcome) -> Callable[[Verdict], Iterator[str]]:
    def told(verdict: Verdict) -> Iterator[str]:
        for outcome in outcomes:
            yield from contract_details.troubles(verdict.stages, outcome)

    return told


SECTIONS: Mapping[str, tuple[str, Callable[[Verdict], Iterable[str]]]] = MappingProxyType(
    {
        "stages": ("Stages", _stages),
        "system": ("Consumers and providers", _system),
        "broken": ("What does not hold", _troubles(Outcome.BROKEN)),
        "changes": ("Changes of the interfaces", _changes),
        "unknown": ("What could not be told", _unknown),
        "pending": ("What is pending", _troubles(Outcome.PENDING)),
        "notes": ("What else was noted", _troubles(Outcome.HELD, Outcome.SKIPPED)),
        "contracts": ("Contracts in detail", lambda verdict: contract_details.contracts(arrows(verdict.results))),
        "uses": ("Who uses what", use_section.tables),
        "basis": ("What the answer rests on", _basis),
    }
)
"""Title and content of each section of the page, by the name that links lead to; one without content is left out."""

FORMAT = Format("html", "verdict.html", render, mark=r"<title>Servanda: ")
