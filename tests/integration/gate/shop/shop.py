"""A shop with one order. Tests change the text of this file to seed a fault."""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

ORDER = {"order_id": "o-1", "quantity": 3}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = {"/ready": {}, "/orders/o-1": ORDER}.get(self.path)
        body = json.dumps({} if found is None else found).encode()
        self.send_response(404 if found is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


Path("started").write_text(str(os.getpid()), encoding="utf-8")
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
