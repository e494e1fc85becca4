"""The pact document, and the matching of values against its rules."""

from servanda.pact.document import Body, Interaction, PactFile, Part, Plugin, ProviderState, Unreadable
from servanda.pact.generators import resolve
from servanda.pact.load import load, load_readable
from servanda.pact.vacuity import checks_nothing

__all__ = [
    "Body",
    "Interaction",
    "PactFile",
    "Part",
    "Plugin",
    "ProviderState",
    "Unreadable",
    "checks_nothing",
    "load",
    "load_readable",
    "resolve",
]
