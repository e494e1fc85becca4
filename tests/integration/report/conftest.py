"""Pages of verdicts in a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from servanda.report.formats import FORMATS
from servanda.verdict import (
    Bump,
    DeployOrder,
    InteractionResult,
    InterfaceComparison,
    Location,
    Outcome,
    Reason,
    ReasonKind,
    StageResult,
    Transport,
    Verdict,
)
from tests.unit.report.conftest import ALL, UNUSED, USED, USES, result, verdict_of

# WCAG 2.2, success criterion 1.4.3, with its definitions of contrast and relative luminance.
CONTRAST = """() => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = element => {
    for (let each = element; each; each = each.parentElement) {
      const party = each.previousElementSibling;
      if (each.matches('svg .name')) return parse(getComputedStyle(party).fill);
      const colour = parse(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const element of document.body.querySelectorAll('*')) {
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || element.tagName === 'title' || element.closest('.skip')) continue;
    const style = getComputedStyle(element);
    const ink = parse(element.closest('svg') ? style.fill : style.color);
    const [one, other] = [luminance(ink), luminance(ground(element))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) low.push(`${element.className.baseVal ?? element.className} '${element.textContent}' ${ratio}`);
  }
  return low;
}"""

Scheme = Literal["light", "dark"]


def _interactions() -> Iterator[InteractionResult]:
    """A system with every outcome, a circle, a long arrow, a long name, and two transports between the same two."""
    held, broken, unknown, pending = Outcome.HELD, Outcome.BROKEN, Outcome.UNKNOWN, Outcome.PENDING
    http, grpc, kafka = Transport.HTTP, Transport.GRPC, Transport.KAFKA
    differs = Reason(
        ReasonKind.MISMATCH,
        "the value differs",
        "$.user.created_at",
        '"2026-11-01T00:00:00Z"',
        '"2026-11-02 00:00:00+00:00"',
        Location(".servanda/gate/logs/gateway.log", 7),
    )
    missing = Reason(ReasonKind.STATE_MISSING, "no handler is configured for the state\nthe closest: 'a user'")
    why = {broken: (differs,), unknown: (missing,), pending: (differs,), held: ()}
    for parties, transport, outcome in (
        ("web-app-to-gateway", http, broken),
        ("mobile-to-gateway", http, held),
        ("gateway-to-identity", grpc, held),
        ("gateway-to-identity", http, unknown),
        ("audit-to-identity", kafka, held),
        ("notification-to-identity", kafka, broken),
        ("auth-to-identity", grpc, pending),
        ("gateway-to-auth", grpc, held),
        ("billing-to-ledger", kafka, held),
        ("ledger-to-billing", kafka, held),
        ("ledger-to-会計サービスと請求書", http, held),
        ("notification-to-a-mailer-with-a-name-that-is-much-too-long-for-a-box", http, held),
    ):
        yield result(parties, transport, "an interaction that holds", held)
        yield result(parties, transport, "an interaction of interest", outcome, *why[outcome], line=40)


FULL = verdict_of(
    StageResult(
        "interfaces",
        Outcome.HELD,
        0.31,
        findings=(UNUSED, USED),
        comparison=InterfaceComparison("proto", "0.1.0", Bump.MINOR, DeployOrder.PROVIDER_FIRST),
    ),
    StageResult("consumers", Outcome.HELD, 4.2, (Reason(ReasonKind.TREE_CHANGED, "a file changed"),)),
    StageResult("providers", Outcome.BROKEN, 9.3, results=tuple(_interactions())),
    StageResult("end-to-end", Outcome.SKIPPED),
    uses=(USES,),
)
PAGES = {**{name: ALL[name] for name in ("yes", "unknown", "hit", "two-fields", "policy", "odd")}, "full": FULL}


@dataclass
class Visited:
    """A page that was opened, with what the browser had to say and what it asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this host: apt-get install chromium")
    with sync_playwright() as driver:
        # The sandbox of Chromium refuses to run as root, as tests in containers do.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        opened = driver.chromium.launch(executable_path=found, args=arguments)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Visited]]:
    """Open a page, or that of a verdict, in a window of its own."""
    opened: list[Page] = []

    def go(shown: Verdict | str, scheme: Scheme = "light", width: int = 1200) -> Visited:
        file = tmp_path / "report.html"
        text = shown if isinstance(shown, str) else FORMATS["html"].render(shown)
        file.write_text(text, encoding="utf-8")
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        opened.append(page)
        visited = Visited(page)
        page.on("console", lambda message: visited.said.append(message.text))
        page.on("pageerror", lambda error: visited.said.append(error.message))
        page.on("request", lambda request: visited.asked.append(request.url))
        page.goto(file.as_uri())
        return visited

    yield go
    for page in opened:
        page.close()
