"""HTTP: one request, one response."""

from servanda.transport import TransportKind

TRANSPORT = TransportKind("http", package=__name__, pact_type="Synchronous/HTTP", carries_names=True)
