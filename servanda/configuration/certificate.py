"""Certificate of a client, with its private key, in PEM."""

from __future__ import annotations

import os
import re
import ssl
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from servanda.configuration.secrets import REFERENCE, Secrets
from servanda.documents import Boundary, read_bytes
from servanda.errors import ConfigurationError

_MOST_BYTES: Final = 64 << 10
_BLOCK: Final = re.compile(r"-----BEGIN (?P<label>[A-Z0-9 ]+)-----.*?-----END (?P=label)-----", re.DOTALL)
_KEY: Final = "PRIVATE KEY"


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """Certificate of a client, which it shows to a server.

    Attributes:
        chain: Its certificate and those between it and the authority, in PEM.
        key: Its private key, in PEM and not encrypted.
        where: The key of the configuration that names it.
    """

    chain: str
    key: str = field(repr=False)
    where: str

    def load_into(self, context: ssl.SSLContext) -> None:
        """Have TLS show it.

        Raises:
            ConfigurationError: The key is not that of the certificate, or cannot be read.
        """
        # The library reads files alone.
        with tempfile.TemporaryDirectory(prefix="servanda-tls-") as folder:
            path = Path(folder) / "client.pem"
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(f"{self.chain}\n{self.key}\n")
            try:
                # Asked for a password, the library would wait for somebody at the terminal.
                context.load_cert_chain(path, password=lambda: b"")
            except (ssl.SSLError, OSError) as error:
                reason = getattr(error, "reason", None) or error
                hint = "expected a certificate in PEM with its key, which is not encrypted"
                raise ConfigurationError(
                    f"is no certificate with its key: {reason}", where=self.where, hint=hint
                ) from None


def client_certificate(text: str, root: Path, secrets: Secrets, where: str) -> ClientCertificate | None:
    """Return the certificate that a configuration names; ``None`` if it names none.

    Args:
        text: Path of a file, from ``root``, or a secret that holds both parts.
        root: Folder of the configuration.
        secrets: What the references stand for.
        where: The key in the configuration, for errors.

    Raises:
        ConfigurationError: It cannot be read, or lacks the certificate or the key.
    """
    if not text:
        return None
    content = secrets.fill(text, where) if REFERENCE.search(text) else _file(text, root, where)
    blocks = {label: "\n".join(found) for label, found in _blocks(content).items()}
    key = next((block for label, block in blocks.items() if label.endswith(_KEY)), "")
    if not key or "CERTIFICATE" not in blocks:
        missing = "certificate" if "CERTIFICATE" not in blocks else "private key"
        hint = "expected the certificate and its key, in PEM, one after the other"
        raise ConfigurationError(f"holds no {missing}", where=where, hint=hint)
    return ClientCertificate(blocks["CERTIFICATE"], key, where)


def _file(name: str, root: Path, where: str) -> str:
    if os.path.isabs(name):  # noqa: PTH117 - as it is written
        hint = f"write it as a secret, which may lie anywhere: {{file.{name}}}"
        raise ConfigurationError(f"'{name}' is no path of the tree", where=where, hint=hint)
    path = root / name
    Boundary.around(root, ConfigurationError).inside(path)
    return read_bytes(path, str(path), _MOST_BYTES, ConfigurationError).decode("utf-8", "replace")


def _blocks(content: str) -> dict[str, list[str]]:
    blocks: dict[str, list[str]] = {}
    for found in _BLOCK.finditer(content):
        blocks.setdefault(found["label"], []).append(found[0])
    return blocks
