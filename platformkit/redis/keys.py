"""Names of keys, so that deployments that share a server cannot meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DEFAULT_NAMESPACE: Final = "plt"


@dataclass(frozen=True, slots=True)
class Keys:
    """Names keys within one namespace.

    Args:
        namespace: Name of the deployment; empty means ``plt``.
    """

    namespace: str = ""

    def __call__(self, *parts: str) -> str:
        """Return the key ``<namespace>:<part>:<part>``."""
        return ":".join((self.namespace or DEFAULT_NAMESPACE, *parts))
