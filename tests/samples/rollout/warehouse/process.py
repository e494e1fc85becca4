"""What the three processes share: an HTTP port, and a place in Redis where the others find it."""

import json
import os
import signal
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import redis

NAMESPACE = os.environ["NAMESPACE"]
STORE = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
PORT = int(os.environ["HTTP_PORT"])
Answer = tuple[int, object]


def instances(service: str) -> list[str]:
    """Addresses of the instances that said lately that they are there."""
    keys: Any = STORE.keys(f"{NAMESPACE}:instances:{service}:*")
    found: Any = STORE.mget(keys) if keys else []
    return sorted(each for each in found if each)


def serve(service: str, answer: Callable[[str, str, dict[str, str], bytes], Answer]) -> None:
    """Answer requests until the end; ``answer`` gets method, target, headers and body."""
    key, over = f"{NAMESPACE}:instances:{service}:{PORT}", threading.Event()

    def register() -> None:
        while not over.wait(0.3):
            STORE.set(key, f"127.0.0.1:{PORT}", px=1500)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                status, value = (
                    (200, "ready") if self.path == "/ready" else answer(self.command, self.path, headers, body)
                )
            except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets an answer
                print(f"{self.command} {self.path}: {error!r}", flush=True)  # noqa: T201 - its log
                status, value = 500, {"error": "internal"}
            content = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815 - the names are those of the library

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
    STORE.set(key, f"127.0.0.1:{PORT}", px=1500)
    threading.Thread(target=register, daemon=True).start()

    def end(*_: object) -> None:
        over.set()
        STORE.delete(key)
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, end)
    server.serve_forever()
