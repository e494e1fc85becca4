"""Way of requests to a provider, besides its ports: where it listens, headers, certificates."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from servanda.configuration.model import Service
from servanda.documents import read_bytes
from servanda.errors import ConfigurationError

_MOST_BYTES: Final = 16 << 20
_VARIABLE = re.compile(r"\{env\.([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Connection:
    """Way of the requests of a verification to a provider.

    Attributes:
        targets: Where it listens, by transport, if that is no port of this run: a URL, or ``host:port``.
        headers: Headers, or metadata, of every request; they replace those of the contract.
        ca: File of the authorities that its certificate is checked against; ``None`` for those of the system.
    """

    targets: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    ca: Path | None = None

    def authorities(self) -> bytes | None:
        """Return the certificates of the authorities, in PEM; ``None`` for those of the system.

        Raises:
            ConfigurationError: The file cannot be read, or holds no certificate.
        """
        if self.ca is None:
            return None
        found = read_bytes(self.ca, str(self.ca), _MOST_BYTES, ConfigurationError)
        if b"-----BEGIN CERTIFICATE-----" not in found:
            raise ConfigurationError("holds no certificate", where=str(self.ca), hint="expected certificates in PEM")
        return found

    def tls(self) -> ssl.SSLContext:
        """Return what certificates are checked by.

        Raises:
            ConfigurationError: The file of the authorities cannot be read, or holds no certificate.
        """
        found = self.authorities()
        try:
            return ssl.create_default_context(cadata=found.decode("ascii") if found else None)
        except (ssl.SSLError, UnicodeDecodeError) as error:
            hint = "expected certificates in PEM"
            raise ConfigurationError(f"holds no certificate: {error}", where=str(self.ca), hint=hint) from error

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """Return the headers as those of a transport whose names are in lower case."""
        return tuple((name.lower(), value) for name, value in self.headers.items())


DIRECT: Final = Connection()
"""The way to a port of this run, with the requests as they are in the contract."""


def connection(
    service: Service, root: Path, environ: Mapping[str, str], targets: Mapping[str, str] | None = None
) -> Connection:
    """Return the way to a service, as its configuration says.

    Args:
        service: The service.
        root: Folder that its paths are relative to.
        environ: Holds the secrets that its headers name as ``{env.NAME}``.
        targets: Where it listens, by transport, if that is no port of this run.

    Raises:
        ConfigurationError: A header names a variable that is not set.
    """
    headers = {name: _filled(value, environ, service.name, name) for name, value in service.headers.items()}
    ca = root / service.ca if service.ca else None
    return Connection(MappingProxyType(dict(targets or {})), MappingProxyType(headers), ca)


def _filled(value: str, environ: Mapping[str, str], service: str, header: str) -> str:
    def variable(found: re.Match[str]) -> str:
        if found[1] not in environ:
            raise ConfigurationError(
                f"the environment variable {found[1]} is not set",
                where=f"services.{service}.headers.{header}",
                hint=f"export {found[1]}=...",
            )
        return environ[found[1]]

    return _VARIABLE.sub(variable, value)
