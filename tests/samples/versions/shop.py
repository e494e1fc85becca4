"""A tiny service of which a test makes two checkouts: it answers with its version and with what is on its shelf."""

from __future__ import annotations

import http.server
import json
import os
import sys
from pathlib import Path


def version() -> str:
    return Path(__file__).with_name("VERSION").read_text()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        shelf = Path(os.environ["SHELF"])
        answer = {
            "version": version(),
            "folder": str(Path.cwd()),
            "books": sorted(path.name for path in shelf.iterdir()),
        }
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    if sys.argv[1:] == ["migrate"]:
        with Path(os.environ["SHELF"]).with_name("migrations").open("a") as schema:
            schema.write(f"{version()}\n")
    else:
        sys.stdout.write(f"serving version {version()}\n")
        sys.stdout.flush()
        http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
