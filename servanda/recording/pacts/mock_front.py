"""A server in front of the Pact library's mock, which keeps back what that adds to answers.

The library permits every page of the web to read its answers, also where a contract says that the provider does not,
and says twice what a contract says about that. No client that looks at these headers could be tested with it.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from pact.pact import PactServer

PREFIX: Final = "access-control-"
"""Beginning of the names of the headers in question (https://fetch.spec.whatwg.org/#http-cors-protocol)."""
_SECONDS: Final = 10.0
_OF_THE_CONNECTION: Final = frozenset({"connection", "content-length", "date", "keep-alive", "transfer-encoding"})


class FrontServer(PactServer):
    """The library's server, reached through another port.

    Args:
        server: The library's.
        port: The other port.
    """

    def __init__(self, server: PactServer, port: int) -> None:
        self.__dict__.update(vars(server))
        self._front = port

    @property
    def port(self) -> int | None:
        """Return the port at which consumers are answered."""
        return self._front


@contextmanager
def front_of(server: PactServer) -> Iterator[FrontServer]:
    """Serve what a mock serves, for as long as the context lasts.

    Args:
        server: The mock, started.
    """
    port = server.port
    assert port is not None, "started before"  # noqa: S101 - for the type checker
    front = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Passing,), {"behind": port}))
    thread = threading.Thread(target=front.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield FrontServer(server, front.server_port)
    finally:
        front.shutdown()
        front.server_close()
        thread.join()


class _Passing(BaseHTTPRequestHandler):
    timeout = _SECONDS
    behind: int

    def __getattr__(self, name: str) -> Any:
        # The server calls "do_GET" for a GET, and "do_" with whatever another method is called.
        if name.startswith("do_"):
            return self._pass
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the standard library
        pass

    def _pass(self) -> None:
        length = int(self.headers.get("content-length", "0"))
        connection = http.client.HTTPConnection("127.0.0.1", self.behind, timeout=_SECONDS)
        try:
            connection.request(self.command, self.path, body=self.rfile.read(length), headers=dict(self.headers))
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        # One request to a connection, which ends with it: nothing is left open when the test ends.
        self.send_response_only(answer.status, answer.reason)
        sent = [(name, value) for name, value in answer.getheaders() if name.lower() not in _OF_THE_CONNECTION]
        # The library says its own once; what a contract says of the same header comes after it.
        own = dict.fromkeys(name for name, _ in sent if name.lower().startswith(PREFIX))
        described = {name: values[-1] for name in own if len(values := [v for n, v in sent if n == name]) > 1}
        for name, value in (*(pair for pair in sent if pair[0] not in own), *described.items()):
            self.send_header(name, value)
        if answer.status not in (http.HTTPStatus.NO_CONTENT, http.HTTPStatus.NOT_MODIFIED):
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
