"""Comparing the outcome of a real call with what a contract says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from servanda.pact.descriptors import decode
from servanda.pact.matching.fields import match_fields
from servanda.pact.matching.messages import match_message
from servanda.pact.matching.telling import told
from servanda.transports.grpc.interaction import GrpcInteraction
from servanda.verdict import Mismatch


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


def match_answer(interaction: GrpcInteraction, answer: GrpcAnswer) -> tuple[Mismatch, ...]:
    """Return what the outcome of a unary call has otherwise than the contract says."""
    return told(_match_answer(interaction, answer))


def match_examples(interaction: GrpcInteraction) -> tuple[Mismatch, ...]:
    """Return what the examples of a contract have otherwise than their own rules say."""
    expected, message = interaction.response, interaction.response.first("grpc-message") or ""
    content = expected.body.content if expected.body is not None else None
    answer = GrpcAnswer(interaction.status, message, interaction.response_metadata, content)
    return told(_match_request(interaction)) + match_answer(interaction, answer)


def _match_request(interaction: GrpcInteraction) -> Iterator[Mismatch]:
    sent, metadata = interaction.request, interaction.request_metadata
    yield from match_fields("metadata", metadata, metadata, sent.rules_of("metadata"))
    if sent.body is not None:
        content = sent.body.content
        example = decode(interaction.input, content)
        yield from match_message(example, content, sent.rules_of("body"), sent.expectations, encoded=content)


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
        content = expected.body.content
        yield from match_message(
            decode(interaction.output, content),
            answer.body or b"",
            expected.rules_of("body"),
            expected.expectations,
            encoded=content,
        )
