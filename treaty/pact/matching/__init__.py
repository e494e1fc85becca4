"""Values against rules, giving mismatches: one file per kind of value."""

from treaty.pact.matching.answers import (
    GrpcAnswer,
    HttpAnswer,
    Record,
    match_answer,
    match_record,
    match_response,
)
from treaty.pact.matching.messages import match_message

__all__ = [
    "GrpcAnswer",
    "HttpAnswer",
    "Record",
    "match_answer",
    "match_message",
    "match_record",
    "match_response",
]
