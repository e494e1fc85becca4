"""The process of the till: ``python -m till SETTINGS``."""

import json
import os
import signal
import sys
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from . import RELEASE


class _Till(BaseHTTPRequestHandler):
    settings: dict[str, str]

    def do_GET(self) -> None:
        """Answer with a price."""
        body = json.dumps({"price": 5, "currency": self.settings["currency"]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing about requests."""
        del code, size


if __name__ == "__main__":
    _Till.settings = tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(f"release {RELEASE} in {Path.cwd()} with {os.environ['TILL_KEY']}\n")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["HTTP_PORT"])), _Till).serve_forever()
