"""Comparing what a provider really answered or sent with a whole interaction."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from servanda.pact.descriptors import decode
from servanda.pact.document import GrpcInteraction, HttpInteraction, MessageInteraction, Part
from servanda.pact.matching import matchers
from servanda.pact.matching.bodies import match_body
from servanda.pact.matching.fields import match_fields
from servanda.pact.matching.messages import match_message
from servanda.pact.paths import ROOT
from servanda.verdict import Mismatch

_MOST = 1_000
_CHARACTERS = 16_384


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An HTTP response."""

    status: int
    headers: Mapping[str, tuple[str, ...]]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class GrpcAnswer:
    """The outcome of a unary call.

    Attributes:
        status: Name of the status, for example ``NOT_FOUND``.
        message: The status' message.
        metadata: Initial and trailing metadata together.
        body: The encoded response; ``None`` if there is none.
    """

    status: str = "OK"
    message: str = ""
    metadata: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a Kafka topic.

    Attributes:
        headers: Headers by name, as text.
    """

    key: bytes | None
    value: bytes
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def match_response(interaction: HttpInteraction, answer: HttpAnswer) -> tuple[Mismatch, ...]:
    """What an HTTP response has otherwise than the contract says."""
    return _told(_match_response(interaction, answer))


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


def match_answer(interaction: GrpcInteraction, answer: GrpcAnswer) -> tuple[Mismatch, ...]:
    """What the outcome of a unary call has otherwise than the contract says."""
    return _told(_match_answer(interaction, answer))


def _match_answer(interaction: GrpcInteraction, answer: GrpcAnswer) -> Iterator[Mismatch]:
    expected = interaction.response
    if answer.status != interaction.status:
        message = f"the status is {answer.status}, expected {interaction.status}"
        said = f"; its message: {answer.message}" if answer.message else ""
        yield Mismatch("status", interaction.status, answer.status, message + said)
        return
    rules = expected.rules_of("metadata")
    wanted_message = expected.first("grpc-message")
    if wanted_message is not None:
        status_message = {"grpc-message": (answer.message,)}
        yield from match_fields("metadata", {"grpc-message": (wanted_message,)}, status_message, rules)
    yield from match_fields("metadata", interaction.response_metadata, answer.metadata, rules)
    if interaction.status == "OK" and expected.body is not None:
        example = decode(interaction.output, expected.body.content)
        yield from match_message(example, answer.body or b"", expected.rules_of("body"), expected.expectations)


def match_record(interaction: MessageInteraction, record: Record) -> tuple[Mismatch, ...]:
    """What a record has otherwise than the contract says; the topic is not looked at."""
    return _told(_match_record(interaction, record))


def _match_record(interaction: MessageInteraction, record: Record) -> Iterator[Mismatch]:
    expected = interaction.contents
    yield from _match_key(expected, record)
    yield from match_fields("header", interaction.headers, record.headers, expected.rules_of("metadata"))
    if interaction.message is not None and expected.body is not None:
        example = decode(interaction.message, expected.body.content)
        yield from match_message(example, record.value, expected.rules_of("body"), expected.expectations)
    else:
        yield from match_body(
            expected.body, record.value, expected.rules_of("body"), content_type=interaction.content_type
        )


def _match_key(expected: Part, record: Record) -> Iterator[Mismatch]:
    wanted = expected.first("key")
    if wanted is None:
        return
    rule = expected.rules_of("metadata").at(("key",))
    found = None if record.key is None else record.key.decode("utf-8", errors="replace")
    held = found is not None and (matchers.accepts_text(rule, wanted, found) if rule else found == wanted)
    if not held:
        shown, told = (None if found is None else matchers.render(found)), matchers.describe(rule, wanted)
        state = "missing" if shown is None else shown
        yield Mismatch("key", told, shown, f"the key of the record is {state}, expected {told}")


def _told(mismatches: Iterator[Mismatch]) -> tuple[Mismatch, ...]:
    """As many of them, and as much of each, as anybody reads: an answer of 60 MB can differ at ten million places."""
    first = tuple(replace(each, **_shortened(each)) for each in itertools.islice(mismatches, _MOST))
    if next(mismatches, None) is None:
        return first
    return (*first, Mismatch("", None, None, f"there are more differences than these {_MOST:,}"))


def _shortened(mismatch: Mismatch) -> dict[str, str]:
    texts = {name: getattr(mismatch, name) for name in ("path", "expected", "actual", "message")}
    return {
        name: f"{text[:_CHARACTERS]} [... {len(text) - _CHARACTERS} characters more]"
        for name, text in texts.items()
        if text is not None and len(text) > _CHARACTERS
    }
