"""The pact document and the matching of values against its rules."""

from servanda.pact.document import (
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
from servanda.pact.generators import resolve
from servanda.pact.load import load
from servanda.pact.matching import (
    GrpcAnswer,
    HttpAnswer,
    Record,
    match_answer,
    match_record,
    match_response,
)
from servanda.pact.vacuity import checks_nothing

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
