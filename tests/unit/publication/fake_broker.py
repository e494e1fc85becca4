"""A broker that answers with the documents of a real one (Pact Broker 2.120), shortened."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PACT = "/pacts/provider/library/consumer/{}/pact-version/{}"
HAL = "application/hal+json;charset=utf-8"


@dataclass(frozen=True)
class Asked:
    """A request, as it arrived."""

    method: str
    path: str
    document: Any
    authorization: str


@dataclass
class FakeBroker:
    """Content of a broker, and the requests to it.

    Attributes:
        contracts: By consumer: the contract, whether it is pending, whether it is work in progress.
        broken: Answers by path that are no success.
    """

    contracts: dict[str, tuple[Mapping[str, Any], bool, bool]] = field(default_factory=dict)
    broken: dict[str, tuple[int, Any]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def add(self, consumer: str, *interactions: Mapping[str, Any], pending: bool = False, wip: bool = False) -> None:
        document = {
            "consumer": {"name": consumer},
            "provider": {"name": "library"},
            "interactions": [{**each, "_id": f"{consumer}-{number}"} for number, each in enumerate(interactions)],
            "metadata": {"pactSpecification": {"version": "3.0.0"}},
        }
        self.contracts[consumer] = (document, pending, wip)

    def of(self, method: str, end: str) -> list[Any]:
        """Return the documents that were sent to paths with this end."""
        return [each.document for each in self.asked if each.method == method and each.path.endswith(end)]

    def answer(self, method: str, path: str) -> tuple[int, Any]:
        if path in self.broken:
            return self.broken[path]
        if method == "PUT" or path.endswith("/verification-results"):
            return 201, {}
        found = {**self._documents(), **dict(map(self._contract, self.contracts))}.get(path)
        return (404, {"error": "No provider with name"}) if found is None else (200, found)

    def _documents(self) -> dict[str, Any]:
        wanted = {"href": f"{self.url}/pacts/provider/{{provider}}/for-verification", "templated": True}
        pacts = [self._entry(name) for name in self.contracts]
        tag = f"{self.url}/pacticipants/library/versions/{{version}}/tags/{{tag}}"
        version = f"{self.url}/pacticipants/library/branches/{{branch}}/versions/{{version}}"
        return {
            "/": {"_links": {"pb:provider-pacts-for-verification": wanted}},
            "/pacts/provider/library/for-verification": {"_embedded": {"pacts": pacts}},
            "/pacticipants/library": {
                "_links": {
                    "pb:branch-version": {"href": version, "templated": True},
                    "pb:version-tag": {"href": tag, "templated": True},
                }
            },
        }

    def _contract(self, name: str) -> tuple[str, Any]:
        path = PACT.format(name, "5ha")
        results = {"href": f"{self.url}{path}/verification-results"}
        provider = {"href": f"{self.url}/pacticipants/library", "name": "library"}
        links = {"pb:publish-verification-results": results, "pb:provider": provider}
        return path, {**self.contracts[name][0], "createdAt": "2026-01-01T00:00:00+00:00", "_links": links}

    def _entry(self, name: str) -> dict[str, Any]:
        _, pending, wip = self.contracts[name]
        moments = ("before_verification", "after_verification:success_false_published_true")
        return {
            "shortDescription": "latest from main branch",
            "verificationProperties": {
                "pending": pending,
                **({"wip": True} if wip else {}),
                "notices": [{"when": when, "text": f"{name}, {when}"} for when in moments],
            },
            "_links": {"self": {"href": PACT.format(name, "5ha"), "name": f"Pact between {name} (1) and library"}},
        }


@contextmanager
def serving(broker: FakeBroker) -> Iterator[FakeBroker]:
    """Serve a broker as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def do_PUT(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            document, authorization = json.loads(body or b"null"), self.headers.get("Authorization", "")
            broker.asked.append(Asked(self.command, self.path, document, authorization))
            status, answer = broker.answer(self.command, self.path)
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", HAL)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        broker.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield broker
        server.shutdown()
