"""The plugin against the stock tools: the document that the stock plugin wrote, and the stock verifier."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import pytest

from servanda.pact import load
from servanda.recording.pacts.installation import install
from servanda.transports.grpc.interaction import GrpcInteraction

STOCK = Path(__file__).parent / "stock_plugin"
RECORD = r"""
import grpc, sys
from pact import Pact

folder, definition = sys.argv[1:]
ABOUT = {"pact:proto": definition, "pact:content-type": "application/grpc", "pact:proto-service": "Pricing/Quote"}
QUOTE = {
    "request": {"sku": r"matching(regex, '[A-Z]-\d+', 'A-1')", "qty": "matching(integer, 2)"},
    "response": {
        "price": "matching(number, 10.5)", "currency": "EUR", "kind": "matching(type,'A')",
        "lines": [{"sku": "matching(type,'x')", "qty": "matching(integer,1)"}],
        "ok": "matching(boolean,true)", "name": "notEmpty('n')",
        "labels": {"pact:match": "eachKey(matching(regex,'[a-z]+','a')), eachValue(matching(type,'v'))", "a": "v"},
    },
    "responseMetadata": {"x-id": "matching(type,'1')"},
}
MISSING = {
    "request": {"sku": "Z-9"},
    "responseMetadata": {"grpc-status": "NOT_FOUND", "grpc-message": "matching(type,'no such sku')"},
}
keeper = Pact("keeper", "keeper").using_plugin("protobuf")
for description, state, contents, request in (
    ("a quote", "sku A-1 costs 10", QUOTE, b"\n\x03B-7\x10\x03"), ("a missing quote", None, MISSING, b"\n\x03Z-9"),
):
    pact = Pact("basket", "pricing").using_plugin("protobuf")
    interaction = pact.upon_receiving(description, "Sync")
    if state:
        interaction.given(state)
    interaction.with_plugin_contents(ABOUT | contents, "application/grpc")
    with pact.serve(addr="127.0.0.1", transport="grpc") as server:
        with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            try:
                channel.unary_unary("/shop.Pricing/Quote")(request)
            except grpc.RpcError as error:
                assert error.code() is grpc.StatusCode.NOT_FOUND, error
        server.write_file(folder)
    del server
"""
VERIFY = """
import sys
from pact import Verifier

port, source = sys.argv[1:]
Verifier("pricing", host="127.0.0.1").add_transport(protocol="grpc", port=int(port)).add_source(source).verify()
"""


def run(script: str, tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PACT_PLUGIN_DIR": str(tmp_path / "plugins"), "PACT_DO_NOT_TRACK": "true"}
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PACT_PLUGIN_DIR", "PACT_DO_NOT_TRACK"):
        monkeypatch.setenv(name, "")  # so that what the installation sets ends with the test
    install(tmp_path / "plugins")


def comparable(path: Path) -> dict[str, Any]:
    """The document without what may differ: the optional text for people and the source of the definition."""
    document: dict[str, Any] = json.loads(path.read_text())
    for interaction in document["interactions"]:
        interaction.pop("interactionMarkup", None)
    for plugin in document["metadata"].pop("plugins"):
        document["metadata"][plugin["name"]] = {
            key: value["protoDescriptors"] for key, value in plugin["configuration"].items()
        }
    document["metadata"].pop("pactRust")
    return document


@pytest.mark.usefixtures("plugins")
def test_the_document_is_the_one_of_the_stock_plugin(tmp_path: Path) -> None:
    done = run(RECORD, tmp_path, str(tmp_path / "pacts"), str(STOCK / "shop.proto"))

    assert done.returncode == 0, done.stderr
    assert comparable(tmp_path / "pacts" / "basket-pricing.json") == comparable(STOCK / "basket-pricing.json")


@pytest.fixture
def provider(request: pytest.FixtureRequest) -> Iterator[int]:
    """A provider of the recorded contract; the parameter is the currency that it answers. Gives its port."""
    quote = next(entry for entry in load(STOCK / "basket-pricing.json").interactions if entry.description == "a quote")
    assert isinstance(quote, GrpcInteraction)
    asked, answered = quote.input, quote.output

    def answer(call: Any, context: grpc.ServicerContext) -> Any:
        if call.sku == "Z-9":
            context.abort(grpc.StatusCode.NOT_FOUND, "nothing here")
        context.send_initial_metadata((("x-id", "9"),))
        answer: Any = answered(price=3, currency=request.param, kind=2, name="z", labels={"q": "w"})
        answer.lines.add(sku="k", qty=4)
        return answer

    method: Any = grpc.unary_unary_rpc_method_handler(
        answer, asked.FromString, lambda message: message.SerializeToString()
    )
    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("shop.Pricing", {"Quote": method}),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield port
    server.stop(None).wait()


@pytest.mark.usefixtures("plugins")
@pytest.mark.parametrize("provider", ["EUR"], indirect=True)
def test_the_stock_verifier_accepts_a_provider_that_keeps_the_contract(tmp_path: Path, provider: int) -> None:
    done = run(VERIFY, tmp_path, str(provider), str(STOCK / "basket-pricing.json"))

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.usefixtures("plugins")
@pytest.mark.parametrize("provider", ["USD"], indirect=True)
def test_the_stock_verifier_names_the_field_that_breaks_the_contract(tmp_path: Path, provider: int) -> None:
    done = run(VERIFY, tmp_path, str(provider), str(STOCK / "basket-pricing.json"))

    assert done.returncode == 1
    assert '$.currency is "USD", expected "EUR"' in done.stdout
