"""Values against rules, giving mismatches: one file per kind of value."""

from servanda.pact.matching.answers import (
    GrpcAnswer,
    HttpAnswer,
    Record,
    match_answer,
    match_record,
    match_response,
)
from servanda.pact.matching.messages import match_message

__all__ = [
    "GrpcAnswer",
    "HttpAnswer",
    "Record",
    "match_answer",
    "match_message",
    "match_record",
    "match_response",
]
