"""Comparing bodies by their media type."""

from __future__ import annotations

import json
from collections.abc import Iterator

from servanda.documents import parse_payload
from servanda.errors import LimitError
from servanda.pact import media
from servanda.pact.document import Body
from servanda.pact.matching import matchers, signatures
from servanda.pact.matching.values import Comparison
from servanda.pact.paths import ROOT
from servanda.pact.rules import RuleList, Rules
from servanda.verdict import Mismatch


def match_body(expected: Body | None, actual: bytes, rules: Rules, *, content_type: str) -> Iterator[Mismatch]:
    """Yield what a body that is no protobuf message has otherwise than the example and its rules say.

    Args:
        expected: The example; without one everything is accepted.
        actual: The body that was there.
        rules: Rules for its parts.
        content_type: Media type of the example where the example itself does not say.
    """
    if expected is None:
        return
    at_root = rules.at(ROOT)
    if at_root is not None and any(rule.match == "contentType" for rule in at_root.rules):
        yield from _match_signature(at_root, actual)
    elif expected.content == b"":
        if actual:
            yield Mismatch("$", "an empty body", _shown(actual), f"the body is {_shown(actual)}, expected it empty")
    elif media.is_json(expected.content_type or content_type):
        yield from _match_json(expected.content, actual, rules)
    else:
        yield from _match_text(expected.content, actual, at_root)


def _match_json(expected: bytes, actual: bytes, rules: Rules) -> Iterator[Mismatch]:
    try:
        example = parse_payload(expected)
    except ValueError:
        # A contract may say that something is sent as JSON which is none.
        yield from _match_text(expected, actual, None)
        return
    try:
        found = parse_payload(actual)
    except (json.JSONDecodeError, UnicodeDecodeError):
        wanted = matchers.render(example)
        yield Mismatch("$", wanted, _shown(actual), f"the body is not JSON: {_shown(actual)}, expected {wanted}")
        return
    except ValueError as error:  # what JSON allows and nobody compares: depth, a number of thousands of digits
        raise LimitError(f"the body cannot be compared: {error}") from error
    yield from Comparison(rules).compare(example, found)


def _match_text(expected: bytes, actual: bytes, found: RuleList | None) -> Iterator[Mismatch]:
    held = matchers.accepts(found, _text(expected), _text(actual)) if found else expected == actual
    if not held:
        wanted = matchers.describe(found, _text(expected)) if found else _shown(expected)
        yield Mismatch("$", wanted, _shown(actual), f"the body is {_shown(actual)}, expected {wanted}")


def _match_signature(found: RuleList, actual: bytes) -> Iterator[Mismatch]:
    for rule in found.rules:
        wanted = rule.text("value")
        if rule.match == "contentType" and not signatures.is_of_type(actual, wanted):
            yield Mismatch("$", wanted, _shown(actual), f"the body is {_shown(actual)}, expected data of type {wanted}")


def _text(body: bytes) -> str | bytes:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body


def _shown(body: bytes) -> str:
    """Return the beginning of a body, for a person."""
    head = matchers.render(_text(body[:200]))
    return head if len(body) <= 200 else f"{head} and {len(body) - 200} bytes more"
