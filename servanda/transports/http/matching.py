"""Comparing a real HTTP response with what a contract says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from servanda.pact import Part, media
from servanda.pact.matching import matchers
from servanda.pact.matching.bodies import match_body
from servanda.pact.matching.fields import match_fields
from servanda.pact.matching.parameters import match_parameters
from servanda.pact.matching.telling import told
from servanda.pact.paths import ROOT
from servanda.transports.http.interaction import HttpInteraction, HttpRequest
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
    yield from _match_absent(expected.absent, answer.headers)
    if held:
        received = next(
            (values[-1] for name, values in answer.headers.items() if name.lower() == "content-type" and values), ""
        )
        yield from _match_content(expected, answer.body, received, allow_unexpected=True)


def _match_absent(names: tuple[str, ...], headers: Mapping[str, tuple[str, ...]]) -> Iterator[Mismatch]:
    found = {name.lower(): values for name, values in headers.items()}
    for name in names:
        if (values := found.get(name.lower())) is not None:
            path, shown = f"header.{name.lower()}", matchers.render(", ".join(values))
            yield Mismatch(path, "no such header", shown, f"{path} is {shown}, expected no such header")


def _match_content(expected: Part, actual: bytes, received: str, *, allow_unexpected: bool) -> Iterator[Mismatch]:
    body, named = expected.body, expected.first("content-type")
    wanted = body.content_type if body is not None and body.content else ""
    # What the header should be is told where headers are compared.
    if named is None and actual and wanted and received and not media.is_readable_as(wanted, received):
        message = f"the body is of type {received}, expected {wanted}"
        yield Mismatch("header.content-type", wanted, received, message)
        return
    rules = expected.rules_of("body")
    yield from match_body(
        body, actual, rules, content_type=named or "", received=received, allow_unexpected=allow_unexpected
    )


def match_examples(interaction: HttpInteraction) -> tuple[Mismatch, ...]:
    """Return what the examples of a contract have otherwise than their own rules say."""
    expected = interaction.response
    content = expected.body.content if expected.body is not None else b""
    answer = HttpAnswer(expected.status, expected.fields, content)
    return match_request(interaction, interaction.request) + match_response(interaction, answer)


def match_request(interaction: HttpInteraction, request: HttpRequest) -> tuple[Mismatch, ...]:
    """Return what a request has otherwise than the contract says; unlike an answer, it may have no more than that.

    Headers are different: libraries and proxies add some.
    """
    return told(_match_request(interaction.request, request))


def _match_request(expected: HttpRequest, actual: HttpRequest) -> Iterator[Mismatch]:
    if expected.method.upper() != actual.method.upper():
        message = f"the method is {actual.method}, expected {expected.method}"
        yield Mismatch("method", expected.method, actual.method, message)
    rule = expected.rules_of("path").at(ROOT)
    if not (expected.path == actual.path if rule is None else matchers.accepts(rule, expected.path, actual.path)):
        wanted = matchers.describe(rule, expected.path)
        yield Mismatch("path", wanted, actual.path, f"the path is {actual.path}, expected {wanted}")
    query = expected.rules_of("query")
    yield from match_parameters(
        "query", expected.query, actual.query, lambda name: query.at((name.lower(),)), allow_unexpected=False
    )
    yield from match_fields("header", expected.fields, actual.fields, expected.rules_of("header"))
    content = actual.body.content if actual.body is not None else b""
    yield from _match_content(expected, content, actual.first("content-type") or "", allow_unexpected=False)
