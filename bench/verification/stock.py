"""The stock verifier: ``python -m bench.verification.stock PACT PORT handler|URL``."""

from __future__ import annotations

import sys
from http.client import HTTPConnection
from typing import Any

from pact import Verifier

from bench.verification.states import tell


def main(pact: str, port: str, way: str) -> None:
    """Verify, and raise if anything is broken."""
    # A number in place of the name is refused.
    url = f"http://localhost:{port}"
    verifier = Verifier("orders").add_transport(url=url).add_source(pact)
    if way == "URL":
        verifier.state_handler(f"{url}/states", body=True)
        verifier.verify()
        return
    provider = HTTPConnection("127.0.0.1", int(port))

    def handler(state: str, action: str, parameters: dict[str, Any] | None) -> None:
        tell(provider, state, action, parameters)

    verifier.state_handler(handler, teardown=True)
    verifier.verify()


if __name__ == "__main__":
    main(*sys.argv[1:])
