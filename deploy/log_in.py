"""Prints an access token of somebody whom ``deploy/seed.py`` has put into a platform, for commands to try.

    python deploy/log_in.py http://127.0.0.1:8080 ada@example.com

The password is in .servanda/secrets/DEMO_PASSWORD, where ``servanda up`` has left it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

PASSWORD = Path(__file__).parents[1] / ".servanda" / "secrets" / "DEMO_PASSWORD"


def main() -> int:
    """Log in."""
    if len(sys.argv) != 3:
        sys.stderr.write("error: expected the address of the gateway and an e-mail address\n")
        return 2
    gateway, email = sys.argv[1:]
    try:
        body = json.dumps({"email": email, "password": PASSWORD.read_text(encoding="utf-8").strip()}).encode()
        # HTTP, or it fails.
        request = Request(f"{gateway.rstrip('/')}/v1/auth:logIn", body, {"Content-Type": "application/json"})  # noqa: S310
        with urlopen(request, timeout=30) as answer:  # noqa: S310
            sys.stdout.write(json.load(answer)["tokens"]["accessToken"])
    except (OSError, URLError, ValueError) as error:
        sys.stderr.write(f"error: {email} could not log in: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
