"""A transport: messages as files in a spool."""

from servanda.transport import TransportKind

TRANSPORT = TransportKind("spool", package=__name__, pact_type="Asynchronous/Messages", has_port=False)
