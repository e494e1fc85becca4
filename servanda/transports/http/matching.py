"""Comparing a real HTTP response with what a contract says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from servanda.pact.matching import matchers
from servanda.pact.matching.bodies import match_body
from servanda.pact.matching.fields import match_fields
from servanda.pact.matching.telling import told
from servanda.pact.paths import ROOT
from servanda.transports.http.interaction import HttpInteraction
from servanda.verdict import Mismatch


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An HTTP response."""

    status: int
    headers: Mapping[str, tuple[str, ...]]
    body: bytes = b""


def match_response(interaction: HttpInteraction, answer: HttpAnswer) -> tuple[Mismatch, ...]:
    """Return what an HTTP response has otherwise than the contract says."""
    return told(_match_response(interaction, answer))


def _match_response(interaction: HttpInteraction, answer: HttpAnswer) -> Iterator[Mismatch]:
    expected = interaction.response
    rule = expected.rules_of("status").at(ROOT)
    held = matchers.accepts(rule, expected.status, answer.status) if rule else expected.status == answer.status
    if not held:
        wanted = matchers.describe(rule, expected.status)
        said = answer.body[:200].decode("utf-8", errors="replace")
        message = f"the status is {answer.status}, expected {wanted}" + (
            f"; the body begins with {said}" if said else ""
        )
        yield Mismatch("status", wanted, str(answer.status), message)
    yield from match_fields("header", expected.fields, answer.headers, expected.rules_of("header"))
    if held:
        content_type = expected.first("content-type") or ""
        yield from match_body(expected.body, answer.body, expected.rules_of("body"), content_type=content_type)
