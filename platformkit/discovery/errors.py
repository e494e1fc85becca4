"""The errors of discovery.

``DiscoveryError``
    ``MalformedInstanceError``    a record in the registry is not that of an instance
    ``RegistryUnavailableError``  the registry cannot be reached now; the same call may succeed later
"""

from __future__ import annotations


class DiscoveryError(Exception):
    """Discovery could not answer."""


class MalformedInstanceError(DiscoveryError):
    """A record in the registry is not that of an instance."""


class RegistryUnavailableError(DiscoveryError):
    """The registry cannot be reached now; the same call may succeed later."""
