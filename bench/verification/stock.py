"""The stock verifier: ``python -m bench.verification.stock PACT PROVIDER_URL callable|url``."""

from __future__ import annotations

import sys
from typing import Any

import httpx
from pact import Verifier


def main(pact: str, provider: str, way: str) -> None:
    """Verify, and raise if anything is broken."""
    verifier = Verifier("orders").add_transport(url=provider).add_source(pact)
    states = f"{provider}/states"
    if way == "url":
        verifier.state_handler(states, body=True)
        verifier.verify()
        return
    with httpx.Client(trust_env=False) as client:

        def handler(state: str, action: str, parameters: dict[str, Any] | None) -> None:
            client.post(states, json={"state": state, "params": parameters, "action": action})

        verifier.state_handler(handler, teardown=True)
        verifier.verify()


if __name__ == "__main__":
    main(*sys.argv[1:])
