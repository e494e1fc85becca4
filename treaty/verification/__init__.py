"""The provider side: every interaction of a contract replayed against the real provider."""

from treaty.verification.contracts import load_contracts
from treaty.verification.limits import Limits
from treaty.verification.verify import Listener, ignore, verify

__all__ = ["Limits", "Listener", "ignore", "load_contracts", "verify"]
