"""Row of the table of transports: all that the suite knows of one transport."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from servanda.extensions import TRANSPORTS


@dataclass(frozen=True, slots=True)
class TransportKind:
    """A transport: everything specific to it is in its package.

    The package has the module ``reading`` with a function ``read`` (see :data:`servanda.pact.entry.Read`) and the
    module ``verifying`` with a function ``open_verifier`` (see :data:`servanda.transports.provider.OpenVerifier`). They
    are imported when they are used, so that their libraries are needed by nobody else.

    Attributes:
        name: Name in configurations, contracts and reports; lower-case letters, digits and hyphens.
        package: The package.
        pact_type: Type of its interactions in pact files: ``Synchronous/HTTP``, ``Synchronous/Messages`` or
            ``Asynchronous/Messages``. An interaction may also name its transport.
        has_port: Whether a provider listens for it on a port of its own; else they meet at a store.
        carries_names: Whether a payload names its fields, as JSON does; else only their numbers travel, as in the wire
            format of protobuf.
    """

    name: str
    package: str
    pact_type: str
    has_port: bool = True
    carries_names: bool = False

    def module(self, name: str) -> ModuleType:
        """Import a module of the package.

        Raises:
            ExtensionError: It is broken, or needs a library that is not installed.
        """
        return TRANSPORTS.module(self.name, f"{self.package}.{name}")


def transport_kind(name: str) -> TransportKind:
    """Load the row of a transport.

    Raises:
        ExtensionError: There is no such transport, or the distribution that adds it is broken.
    """
    found = TRANSPORTS.load(name)
    if not isinstance(found, TransportKind):
        raise TRANSPORTS.broken(name, f"is a {type(found).__name__}, expected a TransportKind")
    if found.name != name:
        raise TRANSPORTS.broken(name, f"has the name '{found.name}'")
    return found
