"""``python -m catalogue`` serves, ``python -m catalogue migrate`` brings the schema up to date."""

from __future__ import annotations

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg

from .books import book, lend

DSN = os.environ["POSTGRES_DSN"]
SCHEMA = "catalogue"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/ready":
            self.answer(200, {})
            return
        found = book(own(DSN), int(self.path.rpartition("/")[2]))
        self.answer(404 if found is None else 200, found or {})

    def do_POST(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        lend(own(DSN), given["book"], given["reader"])
        self.answer(201, {})

    def answer(self, status: int, body: dict[str, object]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def own(dsn: str) -> str:
    return psycopg.conninfo.make_conninfo(dsn, options=f"-c search_path={SCHEMA}")


def migrate() -> None:
    with psycopg.connect(DSN, options=f"-c search_path={SCHEMA}") as connection:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        for path in sorted(Path("migrations").glob("*.sql")):
            connection.execute(path.read_bytes())


if __name__ == "__main__":
    if sys.argv[1:] == ["migrate"]:
        migrate()
    else:
        ThreadingHTTPServer(("127.0.0.1", int(os.environ["HTTP_PORT"])), Handler).serve_forever()
