"""The provider side: every interaction of a contract replayed against the real provider."""

from servanda.verification.contracts import load_contracts
from servanda.verification.verify import Listener, ignore, verify

__all__ = ["Listener", "ignore", "load_contracts", "verify"]
