"""The pact document, and the matching of values against its rules."""

from servanda.pact.document import Body, Interaction, PactFile, Part, Plugin, ProviderState, Unreadable
from servanda.pact.files import contract_files, contract_names
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
    "contract_files",
    "contract_names",
    "load",
    "load_readable",
    "resolve",
]
