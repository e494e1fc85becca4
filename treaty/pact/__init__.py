"""The pact document and the matching of values against its rules."""

from treaty.pact.document import (
    Body,
    GrpcInteraction,
    HttpInteraction,
    HttpRequest,
    HttpResponse,
    Interaction,
    MessageInteraction,
    PactFile,
    Part,
    Plugin,
    ProviderState,
)
from treaty.pact.generators import resolve
from treaty.pact.load import load
from treaty.pact.matching import (
    GrpcAnswer,
    HttpAnswer,
    Record,
    match_answer,
    match_record,
    match_response,
)
from treaty.pact.vacuity import checks_nothing

__all__ = [
    "Body",
    "GrpcAnswer",
    "GrpcInteraction",
    "HttpAnswer",
    "HttpInteraction",
    "HttpRequest",
    "HttpResponse",
    "Interaction",
    "MessageInteraction",
    "PactFile",
    "Part",
    "Plugin",
    "ProviderState",
    "Record",
    "checks_nothing",
    "load",
    "match_answer",
    "match_record",
    "match_response",
    "resolve",
]
