"""``servanda observe`` as a process between a real client and a real server."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import grpc
import httpx2
import pytest

from servanda.interfaces.usage.exchange import Shape
from servanda.interfaces.usage.lines import load_lines
from servanda.interfaces.usage.log import UsageLog

PROTO = """syntax = "proto3";
package shop.v1;
import "google/api/annotations.proto";
service Shop {
  rpc GetOrder(GetOrderRequest) returns (Order) { option (google.api.http) = { get: "/v1/orders/{order_id}" }; }
}
message GetOrderRequest { string order_id = 1; }
message Order { optional string order_id = 1; optional string note = 2; optional bool gift = 3; }
"""
NOTE = b"\x12\x01x"  # note: "x"


class Shop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        content = json.dumps({"note": "x"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class GrpcShop(grpc.GenericRpcHandler):
    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[bytes, bytes]:
        return grpc.unary_unary_rpc_method_handler(lambda _, __: NOTE)


Observe = Callable[..., tuple[subprocess.Popen[str], str]]


@pytest.fixture
def observe(tmp_path: Path) -> Iterator[Observe]:
    """Start the proxy in a repository with a shop; give the process and the address that it listens on."""
    (tmp_path / "proto").mkdir()
    (tmp_path / "proto" / "shop.proto").write_text(PROTO, encoding="utf-8")
    (tmp_path / "servanda.toml").write_text("[pacticipants.web]\n", encoding="utf-8")
    started: list[subprocess.Popen[str]] = []

    def start(target: str) -> tuple[subprocess.Popen[str], str]:
        command = (sys.executable, "-m", "servanda", "observe", "--listen", "127.0.0.1:0", "--target", target)
        process = subprocess.Popen(
            (*command, "--consumer", "web", "--version", "1.4"),
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stderr is not None
        found = re.match(r"listening on (\S+), passing", process.stderr.readline())
        assert found is not None
        return process, found[1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def written(process: subprocess.Popen[str], folder: Path, number: signal.Signals) -> UsageLog:
    process.send_signal(number)
    out, talk = process.communicate(timeout=60)
    assert process.returncode == 0, talk
    assert out.startswith(f"{folder}/contracts/usage/web.observe.jsonl: 1 different calls")
    [log] = load_lines(folder / "contracts" / "usage" / "web.observe.jsonl", "log", {"shop.v1.Order.note"})
    assert [path.name for path in (folder / "contracts" / "usage").iterdir()] == ["web.observe.jsonl"]
    return log


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_passes_over_http_is_written_at_the_end(observe: Observe, tmp_path: Path, number: signal.Signals) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        process, address = observe(f"http://127.0.0.1:{server.server_port}")
        assert httpx2.get(f"http://{address}/v1/orders/7").json() == {"note": "x"}
        log = written(process, tmp_path, number)
    finally:
        server.shutdown()
        server.server_close()

    assert (log.observation.consumer, log.observation.version) == ("web", "1.4")
    assert [(each.call, each.received) for each in log.exchanges] == [
        ("GET /v1/orders/{order_id}", Shape({"note": None}))
    ]


def test_what_passes_over_grpc_is_written_at_the_end(observe: Observe, tmp_path: Path) -> None:
    server = grpc.server(ThreadPoolExecutor(1), handlers=[GrpcShop()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        process, address = observe(f"grpc://127.0.0.1:{port}")
        with grpc.insecure_channel(address) as channel:
            get_order: Any = channel.unary_unary("/shop.v1.Shop/GetOrder")
            assert get_order(b"\x0a\x017") == NOTE
        log = written(process, tmp_path, signal.SIGTERM)
    finally:
        server.stop(None)

    [exchange] = log.exchanges
    assert (exchange.call, exchange.sent, exchange.received) == (
        "shop.v1.Shop.GetOrder",
        Shape({"order_id": None}),
        Shape({"note": None}),
    )


def test_without_a_described_call_nothing_is_written(observe: Observe, tmp_path: Path) -> None:
    process, _ = observe("http://127.0.0.1:9")
    process.send_signal(signal.SIGTERM)
    _, talk = process.communicate(timeout=60)

    assert (process.returncode, "no described call passed" in talk) == (2, True)
    assert not (tmp_path / "contracts").exists()
