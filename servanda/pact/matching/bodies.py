"""Comparing bodies by their media type."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from servanda.documents import parse_payload
from servanda.errors import LimitError
from servanda.pact import media
from servanda.pact.document import Body
from servanda.pact.matching import matchers
from servanda.pact.matching.parameters import match_parameters, of_form
from servanda.pact.matching.values import Comparison
from servanda.pact.paths import ROOT
from servanda.pact.rules import Rule, RuleList, Rules
from servanda.verdict import Mismatch

if TYPE_CHECKING:
    from servanda.pact.matching import multipart

_UTF_8: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


@dataclass(frozen=True, slots=True)
class _Pair:
    """An example and what was there instead of it.

    Attributes:
        expected: The example.
        actual: The body that was there.
        content_type: Media type of the example.
        received: Media type that the body has by its header; that of the example if it has none.
        rules: Rules for its parts.
        allow_unexpected: Whether there may be more than in the example.
    """

    expected: bytes
    actual: bytes
    content_type: str
    received: str
    rules: Rules
    allow_unexpected: bool

    def refused_as(self, what: str, why: object) -> Mismatch:
        """Tell that the body is not what it should be."""
        wanted, shown = _shown(self.expected), _shown(self.actual)
        return Mismatch("$", wanted, shown, f"the body is no {what} ({why}): {shown}, expected {wanted}")


def match_body(
    expected: Body | None,
    actual: bytes,
    rules: Rules,
    *,
    content_type: str,
    received: str = "",
    allow_unexpected: bool = True,
) -> Iterator[Mismatch]:
    """Yield what a body that is no protobuf message has otherwise than the example and its rules say.

    Args:
        expected: The example; without one everything is accepted.
        actual: The body that was there.
        rules: Rules for its parts.
        content_type: Media type of the example where the example itself does not say.
        received: Media type that the body has by its header; empty if it has none.
        allow_unexpected: Whether there may be more than in the example: yes for what a provider answers.
    """
    if expected is None:
        return
    content_type = expected.content_type or content_type
    if expected.is_null:
        declared = content_type or received
        if actual and not ((not declared or media.is_json(declared)) and actual.strip() == b"null"):
            yield Mismatch("$", "null", _shown(actual), f"the body is {_shown(actual)}, expected null or no body")
        return
    at_root = rules.at(ROOT)
    if at_root is not None and any(rule.match == "contentType" for rule in at_root.rules):
        yield from _match_signature(at_root, expected.content, actual)
    elif expected.content == b"" and at_root is None:
        if actual:
            yield Mismatch("$", "an empty body", _shown(actual), f"the body is {_shown(actual)}, expected it empty")
    else:
        received = received or content_type
        pair = _Pair(expected.content, _in_utf_8(actual, received), content_type, received, rules, allow_unexpected)
        yield from _comparison(content_type)(pair)


def _in_utf_8(body: bytes, content_type: str) -> bytes:
    """Return a text in the encoding of contracts; what has another one inside of it, or none, stays as it is."""
    charset = media.parameters(content_type).get("charset", "utf-8")
    has_its_own = media.is_binary(content_type) or media.is_xml(content_type) or media.is_multipart(content_type)
    if has_its_own or charset.lower() in _UTF_8:
        return body
    try:
        return body.decode(charset).encode()
    except (ValueError, LookupError):
        return body


_Compare: TypeAlias = Callable[[_Pair], Iterator[Mismatch]]


def _comparison(content_type: str) -> _Compare:
    return next((compare for is_of, compare in _COMPARISONS if is_of(content_type)), _match_text)


def _match_json(pair: _Pair) -> Iterator[Mismatch]:
    try:
        example = parse_payload(pair.expected)
    except ValueError:
        # A contract may say that something is sent as JSON which is none.
        yield from _match_text(replace(pair, rules=Rules()))
        return
    try:
        found = parse_payload(pair.actual)
    except (json.JSONDecodeError, UnicodeDecodeError):
        wanted, shown = matchers.render(example), _shown(pair.actual)
        yield Mismatch("$", wanted, shown, f"the body is not JSON: {shown}, expected {wanted}")
        return
    except ValueError as error:  # what JSON allows and nobody compares: depth, a number of thousands of digits
        raise LimitError(f"the body cannot be compared: {error}") from error
    yield from Comparison(pair.rules, allow_unexpected=pair.allow_unexpected).compare(example, found)


def _match_xml(pair: _Pair) -> Iterator[Mismatch]:
    # Few contracts have XML, and the same goes for the other two below.
    from servanda.pact.matching import elements  # noqa: PLC0415
    from servanda.pact.matching.xml import match_xml  # noqa: PLC0415

    try:
        example = elements.parse(pair.expected)
    except elements.MalformedError:
        yield from _match_text(replace(pair, rules=Rules()))
        return
    try:
        found = elements.parse(pair.actual, media.parameters(pair.received).get("charset", ""))
    except elements.MalformedError as error:
        yield pair.refused_as("XML", error)
        return
    yield from match_xml(example, found, pair.rules, allow_unexpected=pair.allow_unexpected)


def _match_form(pair: _Pair) -> Iterator[Mismatch]:
    try:
        example = of_form(pair.expected)
    except ValueError:
        yield from _match_text(replace(pair, rules=Rules()))
        return
    try:
        found = of_form(pair.actual)
    except ValueError as error:
        yield pair.refused_as("form", error)
        return

    def rules_of(name: str) -> RuleList | None:
        return pair.rules.at((name,)) or pair.rules.at((name, 0))

    yield from match_parameters("$", example, found, rules_of, allow_unexpected=pair.allow_unexpected)


def _match_multipart(pair: _Pair) -> Iterator[Mismatch]:
    from servanda.pact.matching import multipart  # noqa: PLC0415

    try:
        examples = list(multipart.parts(pair.expected, pair.content_type))
    except multipart.MalformedError:
        yield from _match_text(replace(pair, rules=Rules()))
        return
    try:
        found: dict[str, list[multipart.BodyPart]] = {}
        for part in multipart.parts(pair.actual, pair.received):
            found.setdefault(part.name, []).append(part)
    except multipart.MalformedError as error:
        yield pair.refused_as("body of several parts", error)
        return
    for example in examples:
        # Of one name, as of several files that are uploaded, the first belongs to the first.
        alike, path = found.get(example.name), f"$.{example.name}"
        if alike:
            yield from _match_part(path, example, alike.pop(0), pair)
        else:
            yield Mismatch(path, _shown(example.content), None, f"the part {example.name} is missing")
    for part in (part for alike in found.values() for part in alike) if not pair.allow_unexpected else ():
        message = f"there is a part {part.name}, expected no such part"
        yield Mismatch(f"$.{part.name}", None, _shown(part.content), message)


def _match_part(path: str, example: multipart.BodyPart, part: multipart.BodyPart, whole: _Pair) -> Iterator[Mismatch]:
    rules = whole.rules.within(example.name)
    is_detected = any(rule.match == "contentType" for rule in getattr(rules.at(ROOT), "rules", ()))
    wanted, found = media.bare(example.content_type), media.bare(part.content_type)
    if wanted != found and not is_detected:
        yield Mismatch(path, wanted, found, f"the part {example.name} is of type {found}, expected {wanted}")
        return
    body = Body(example.content, example.content_type)
    for mismatch in match_body(body, part.content, rules, content_type="", allow_unexpected=whole.allow_unexpected):
        inner = path + mismatch.path.removeprefix("$")
        yield replace(mismatch, path=inner, message=f"in the part {example.name}: {mismatch.message}")


def _match_text(pair: _Pair) -> Iterator[Mismatch]:
    expected, actual, found = pair.expected, pair.actual, pair.rules.at(ROOT)
    texts = _text(expected), _text(actual)
    both = texts if all(isinstance(each, str) for each in texts) else (expected, actual)
    if not (matchers.accepts(found, *both) if found else expected == actual):
        wanted = matchers.describe(found, texts[0]) if found else _shown(expected)
        yield Mismatch("$", wanted, _shown(actual), f"the body is {_shown(actual)}, expected {wanted}")


_COMPARISONS: Final[tuple[tuple[Callable[[str], bool], _Compare], ...]] = (
    (media.is_json, _match_json),
    (media.is_xml, _match_xml),
    (media.is_form, _match_form),
    (media.is_multipart, _match_multipart),
)
"""Everything else is compared as text or bytes."""


def _match_signature(found: RuleList, expected: bytes, actual: bytes) -> Iterator[Mismatch]:
    """Compare data by how they begin, and by the rules beside that."""
    differences = [list(_match_one_rule(rule, expected, actual)) for rule in found.rules]
    if not found.any_of or all(differences):
        yield from (each for listed in differences for each in listed)


def _match_one_rule(rule: Rule, expected: bytes, actual: bytes) -> Iterator[Mismatch]:
    from servanda.pact.matching import signatures  # noqa: PLC0415

    wanted = rule.text("value")
    if rule.match != "contentType":
        rules = Rules(((ROOT, RuleList((rule,))),))
        yield from _match_text(_Pair(expected, actual, "", "", rules, allow_unexpected=True))
    elif not signatures.is_of_type(actual, wanted):
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
