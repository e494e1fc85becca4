"""The check as one page of HTML that needs nothing else, with a picture of who is hit."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from servanda.escaping.documents import html_text
from servanda.policy.rules import CATEGORY
from servanda.report.check import picture, wording
from servanda.verdict import Check, Finding, Severity

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --broken: #c62828; --potentially-affected: #c77700; }
:root { --unknown: #7a7f87; --unaffected: #2e7d32; }
:root { --error: #c62828; --warning: #c77700; --waived: #1565c0; --baseline: #7a7f87; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.05rem; margin: 0 0 .3rem; overflow-wrap: anywhere; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { padding: .6rem .8rem; background: #8881; overflow-x: auto; }
.error { --hue: var(--error); } .warning { --hue: var(--warning); } .waived { --hue: var(--waived); }
.baseline { --hue: var(--baseline); } .broken { --hue: var(--broken); } .unknown { --hue: var(--unknown); }
.potentially-affected { --hue: var(--potentially-affected); } .unaffected { --hue: var(--unaffected); }
article { border: 1px solid var(--line); border-left: 6px solid var(--hue); border-radius: 6px; }
article { padding: .8rem 1rem; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td:last-child { overflow-wrap: anywhere; }
.badge { background: var(--hue); border-radius: 4px; color: #fff; padding: .05rem .45rem; white-space: nowrap; }
.place { opacity: .8; overflow-wrap: anywhere; }
svg { max-width: 100%; height: auto; }
svg text { fill: currentColor; font: 13px system-ui, sans-serif; }
summary { cursor: pointer; }
.snippets { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); }
"""


def render(check: Check) -> str:
    """The result, the picture, then each finding with who is hit and the safe steps."""
    conclusion = "".join(f"<li>{html_text(line)}</li>" for line in wording.conclusion(check))
    body = "\n".join(
        [
            f"<h1>Interfaces: {'holds' if check.holds else 'breaks consumers'}</h1>",
            f"<p>{html_text(wording.summary(check))}</p>",
            f"<ul>{conclusion}</ul>" if conclusion else "",
            picture.draw(check),
            *(_finding(finding) for finding in check.findings),
        ]
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>servanda check</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _policy() -> str:
    """Allow the page its one style and nothing else (https://www.w3.org/TR/CSP3/)."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _finding(finding: Finding) -> str:
    return "\n".join(
        [
            f'<article id="{html_text(finding.fingerprint)}" class="{finding.severity}">',
            f"<h2>{_badge(finding.severity)} {html_text(finding.rule)} <code>{html_text(finding.element)}</code></h2>",
            f'<p class="place"><code>{html_text(wording.place(finding))}</code></p>',
            f"<p>{html_text(finding.message)}</p>",
            *_consumers(finding),
            *(f"<p>{html_text(line[0].upper() + line[1:])}.</p>" for line in wording.transition(finding)),
            *_steps(finding),
            "</article>",
        ]
    )


def _badge(name: str) -> str:
    return f'<span class="badge {name}">{html_text(name.replace("-", " "))}</span>'


def _consumers(finding: Finding) -> Iterator[str]:
    if finding.category == CATEGORY:
        return
    if not finding.consumers:
        yield f"<p>{html_text(wording.NOBODY.capitalize())}.</p>"
        return
    yield "<table><thead><tr><th>consumer</th><th>owner</th><th>impact</th><th>evidence</th></tr></thead><tbody>"
    for hit in finding.consumers:
        proofs = "<br>".join(html_text(wording.proof(evidence)) for evidence in hit.evidence) or html_text(
            wording.NO_PROOF
        )
        yield (
            f"<tr><td>{html_text(hit.consumer.name)}</td><td>{html_text(hit.consumer.owner)}</td>"
            f"<td>{_badge(hit.impact)}</td><td>{proofs}</td></tr>"
        )
    yield "</tbody></table>"


def _steps(finding: Finding) -> Iterator[str]:
    if finding.severity not in (Severity.ERROR, Severity.WARNING):
        return
    steps = "".join(f"<li><strong>{name}</strong>: {html_text(step)}</li>" for name, step in finding.steps.named)
    yield f"<details><summary>The safe steps</summary><ol>{steps}</ol>"
    if finding.steps.before:
        yield (
            f'<div class="snippets"><div>before<pre>{_lines(finding.steps.before)}</pre></div>'
            f"<div>after the first step<pre>{_lines(finding.steps.after)}</pre></div></div>"
        )
    yield "</details>"


def _lines(snippet: str) -> str:
    return "\n".join(html_text(line) for line in snippet.split("\n"))
