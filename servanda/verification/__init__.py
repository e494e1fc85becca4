"""The provider side: every interaction of a contract replayed against the real provider."""

from servanda.verification.contracts import LoadedContracts, load_contracts, read_contracts
from servanda.verification.provider_code import ProviderCode
from servanda.verification.request_filter import request_filter
from servanda.verification.selection import Selection, failed_before, remember
from servanda.verification.states import open_ahead
from servanda.verification.verify import Listener, ignore, verify

__all__ = [
    "Listener",
    "LoadedContracts",
    "ProviderCode",
    "Selection",
    "failed_before",
    "ignore",
    "load_contracts",
    "open_ahead",
    "read_contracts",
    "remember",
    "request_filter",
    "verify",
]
