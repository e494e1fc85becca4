"""A service that can be told to misbehave: HTTP on $HTTP_PORT, answering 200 from /readyz on."""

from __future__ import annotations

import http.server
import os
import signal
import sys
import threading


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/die":
            say("last words")
            os._exit(3)
        body = os.environ.get("GREETING", "").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    if os.environ.get("FAIL"):
        sys.exit("cannot go on: no configuration")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["HTTP_PORT"])), Handler)

    def stop(*_: object) -> None:
        say("draining")
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, signal.SIG_IGN if os.environ.get("STUBBORN") else stop)
    say("serving")
    server.serve_forever()
    server.server_close()


main()
