"""Way of requests to a provider, besides its ports: where it listens, headers, certificates."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from servanda.configuration.certificate import ClientCertificate, client_certificate
from servanda.configuration.model import Service
from servanda.configuration.secrets import Secrets
from servanda.documents import read_bytes
from servanda.errors import ConfigurationError

_MOST_BYTES: Final = 16 << 20


@dataclass(frozen=True, slots=True)
class Connection:
    """Way of the requests of a verification to a provider.

    Attributes:
        targets: Where it listens, by transport, if that is no port of this run: a URL, or ``host:port``.
        headers: Headers, or metadata, of every request; they replace those of the contract.
        ca: File of the authorities that its certificate is checked against; ``None`` for those of the system.
        certificate: What it is shown; ``None`` for nothing.
        routes: Where it listens for some paths, by transport and by their beginning.
    """

    targets: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    ca: Path | None = None
    certificate: ClientCertificate | None = None
    routes: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))

    def to(self, transport: str, path: str) -> Connection:
        """Return the way of a request: that of the longest route that its path begins with, if one does."""
        # It is sent with a slash before it, whether the contract writes one or not.
        parts = f"/{path.partition('?')[0].removeprefix('/').rstrip('/')}/"
        routes = self.routes.get(transport, {})
        found = [prefix for prefix in routes if parts.startswith(prefix.rstrip("/") + "/")]
        if not found:
            return self
        place = routes[max(found, key=len)]
        return replace(self, targets=MappingProxyType({**self.targets, transport: place}))

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
            ConfigurationError: The file of the authorities cannot be read, or holds no certificate; or what is shown
                is no certificate with its key.
        """
        found = self.authorities()
        try:
            context = ssl.create_default_context(cadata=found.decode("ascii") if found else None)
        except (ssl.SSLError, UnicodeDecodeError) as error:
            hint = "expected certificates in PEM"
            raise ConfigurationError(f"holds no certificate: {error}", where=str(self.ca), hint=hint) from error
        if self.certificate is not None:
            self.certificate.load_into(context)
        return context

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """Return the headers as those of a transport whose names are in lower case."""
        return tuple((name.lower(), value) for name, value in self.headers.items())


DIRECT: Final = Connection()
"""The way to a port of this run, with the requests as they are in the contract."""


def connection(
    service: Service,
    root: Path,
    environ: Mapping[str, str],
    targets: Mapping[str, str] | None = None,
    routes: Mapping[str, Mapping[str, str]] | None = None,
) -> Connection:
    """Return the way to a service, as its configuration says.

    Args:
        service: The service.
        root: Folder that its paths are relative to.
        environ: Holds the variables that its headers name as ``{env.NAME}``.
        targets: Where it listens, by transport, if that is no port of this run.
        routes: Where it listens for some paths, by transport and by their beginning.

    Raises:
        ConfigurationError: A header names a variable that is not set, or a file that cannot be read; or the certificate
            of the client cannot be read.
    """
    secrets, where = Secrets(root, environ), f"services.{service.name}"
    headers = {name: secrets.fill(value, f"{where}.headers.{name}") for name, value in service.headers.items()}
    certificate = client_certificate(service.certificate, root, secrets, f"{where}.certificate")
    ca = root / service.ca if service.ca else None
    return Connection(
        MappingProxyType(dict(targets or {})),
        MappingProxyType(headers),
        ca,
        certificate,
        MappingProxyType(dict(routes or {})),
    )
