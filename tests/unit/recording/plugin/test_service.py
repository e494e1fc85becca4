"""The plugin process, spoken to as the Pact library speaks to it."""

import base64
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import json_format

from servanda.recording.plugin.protocol import MESSAGES, METHODS, SERVICE
from servanda.recording.plugin.service import PluginService

KEY = "the key"
Call = Callable[..., Any]


@pytest.fixture
def call() -> Iterator[Call]:
    service = PluginService(KEY)
    server = grpc.server(ThreadPoolExecutor(2), handlers=[service])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:

        def call(method: str, key: str = KEY, **fields: Any) -> Any:
            asked, answered = (MESSAGES[name] for name in METHODS[method])
            serialize = asked.SerializeToString
            stub: Any = channel.unary_unary(f"/{SERVICE}/{method}", serialize, answered.FromString)
            return stub(json_format.ParseDict(fields, asked()), metadata=(("authorization", key),), timeout=20)

        yield call
    service.stop()
    server.stop(None).wait()


def contents(workspace: Path, **more: Any) -> dict[str, Any]:
    return {
        "pact:proto": str(workspace / "shop" / "v1" / "shop.proto"),
        "pact:content-type": "application/grpc",
        "pact:proto-service": "Shop/Get",
        **more,
    }


def pact_of(configured: Any, description: str = "one") -> str:
    """The document that the Pact library makes of a configured interaction."""
    request, response = configured.interaction
    configuration = json_format.MessageToDict(request.pluginConfiguration.interactionConfiguration)

    def part(entry: Any) -> dict[str, Any]:
        rules = {
            path: {"matchers": [{"match": rule.type, **json_format.MessageToDict(rule.values)} for rule in found.rule]}
            for path, found in entry.rules.items()
        }
        content = base64.b64encode(entry.contents.content.value).decode()
        return {
            "contents": {"content": content, "contentType": entry.contents.contentType, "encoded": "base64"},
            "matchingRules": {"body": rules},
            "metadata": json_format.MessageToDict(entry.messageMetadata),
        }

    interaction = {
        "type": "Synchronous/Messages",
        "transport": "grpc",
        "description": description,
        "key": description,
        "pluginConfiguration": {"protobuf": configuration},
        "request": part(request),
        "response": [part(response)],
    }
    shared = json_format.MessageToDict(configured.pluginConfiguration.pactConfiguration)
    plugins = [{"name": "protobuf", "version": "1", "configuration": shared}]
    return json.dumps(
        {
            "consumer": {"name": "basket"},
            "provider": {"name": "shop"},
            "interactions": [interaction],
            "metadata": {"pactSpecification": {"version": "4.0"}, "plugins": plugins},
        }
    )


@pytest.fixture
def pact(call: Call, workspace: Path) -> str:
    """A contract: a request with an id gets a name and a request id in the metadata."""
    config = contents(
        workspace,
        request={"id": "matching(regex, '^u-.*', 'u-1')"},
        requestMetadata={"tenant": "blue"},
        response={"name": "matching(type, 'Ann')"},
        responseMetadata={"x-request-id": "7"},
    )
    configured = call("ConfigureInteraction", contentType="application/grpc", contentsConfig=config)
    assert configured.error == ""
    return pact_of(configured)


@pytest.fixture
def failing_pact(call: Call, workspace: Path) -> str:
    """A contract: an unknown id fails."""
    config = contents(
        workspace, request={"id": "none"}, responseMetadata={"grpc-status": 5, "grpc-message": "nobody", "why": "gone"}
    )
    return pact_of(call("ConfigureInteraction", contentType="application/grpc", contentsConfig=config))


def test_a_caller_without_the_key_is_refused(call: Call) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        call("InitPlugin", key="guessed")

    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED


def test_the_catalogue_offers_grpc_and_protobuf(call: Call) -> None:
    entries = {(entry.type, entry.key) for entry in call("InitPlugin", implementation="pact", version="1").catalogue}

    assert entries == {(0, "protobuf"), (1, "protobuf"), (2, "grpc")}
    call("UpdateCatalogue")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"pact:proto": "relative.proto"}, "expected an absolute path", id="relative path"),
        pytest.param({"pact:proto": "/nowhere/a.proto"}, "no such interface definition", id="no file"),
        pytest.param({"pact:proto-service": "Shop"}, "expected 'Service/Method'", id="no method"),
        pytest.param({"request": {"idd": "a"}}, "has no field 'idd'", id="no field"),
        pytest.param({"responseMetadata": {"grpc-status": "LOST"}}, "'LOST', which is not a status", id="no status"),
    ],
)
def test_contents_that_cannot_be_meant_are_an_error_in_the_answer(
    call: Call, workspace: Path, changes: dict[str, Any], message: str
) -> None:
    config = contents(workspace, **changes)

    found = call("ConfigureInteraction", contentType="application/grpc", contentsConfig=config)

    assert message in found.error
    assert not found.interaction


def test_contents_that_name_neither_method_nor_message_are_an_error(call: Call) -> None:
    assert "name no method and no message" in call("ConfigureInteraction", contentType="application/grpc").error


@pytest.fixture
def mock_server(call: Call) -> Callable[[str], tuple[str, Callable[..., Any]]]:
    """Start the mock server of a pact: its key, and a function that calls ``Get`` on it."""

    def start(pact: str) -> tuple[str, Callable[..., Any]]:
        details = call("StartMockServer", hostInterface="127.0.0.1", pact=pact).details
        assert details.port

        def get(request: bytes, *metadata: tuple[str, str], method: str = "Get") -> Any:
            with grpc.insecure_channel(f"127.0.0.1:{details.port}") as channel:
                stub: Any = channel.unary_unary(f"/shop.v1.Shop/{method}")
                return stub.with_call(request, metadata=metadata, timeout=20)

        return details.key, get

    return start


def values(metadata: Any) -> dict[str, str]:
    return dict(metadata)


def results(call: Call, key: str) -> tuple[bool, list[str]]:
    found = call("GetMockServerResults", serverKey=key)
    told = [result.error or result.mismatches[0].mismatch for result in found.results]
    return found.ok, told


def test_a_call_as_described_is_answered_as_described(call: Call, pact: str, mock_server: Any) -> None:
    key, get = mock_server(pact)

    body, outcome = get(b"\x0a\x03u-2", ("tenant", "blue"))

    assert body == b"\x0a\x03Ann"
    assert values(outcome.initial_metadata())["x-request-id"] == "7"
    assert results(call, key) == (True, [])


def test_a_described_failure_is_answered(call: Call, failing_pact: str, mock_server: Any) -> None:
    key, get = mock_server(failing_pact)

    with pytest.raises(grpc.RpcError) as caught:
        get(b"\x0a\x04none")

    assert (caught.value.code(), caught.value.details()) == (grpc.StatusCode.NOT_FOUND, "nobody")
    assert values(caught.value.trailing_metadata())["why"] == "gone"
    assert results(call, key) == (True, [])


@pytest.mark.parametrize(
    ("request_bytes", "metadata", "told"),
    [
        pytest.param(b"\x0a\x03x-2", [("tenant", "blue")], '$.id is "x-2"', id="another value"),
        pytest.param(b"\x0a\x03u-2\x10\x01", [("tenant", "blue")], "$.page is 1, expected no such", id="a field more"),
        pytest.param(b"\x0a\x03u-2", [], "metadata.tenant is missing", id="no metadata"),
    ],
)
def test_a_call_that_differs_is_refused_and_remembered(
    call: Call, pact: str, mock_server: Any, request_bytes: bytes, metadata: Any, told: str
) -> None:
    key, get = mock_server(pact)

    with pytest.raises(grpc.RpcError) as caught:
        get(request_bytes, *metadata)

    assert caught.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert told in str(caught.value.details())
    ok, said = results(call, key)
    assert not ok
    assert told in said[0]


def test_a_method_that_is_not_described_is_refused_and_remembered(call: Call, pact: str, mock_server: Any) -> None:
    key, get = mock_server(pact)

    with pytest.raises(grpc.RpcError) as caught:
        get(b"", method="Count")

    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert any("/shop.v1.Shop/Count was called" in told for told in results(call, key)[1])


def test_an_interaction_that_nobody_asked_for_is_told(call: Call, pact: str, mock_server: Any) -> None:
    key, _ = mock_server(pact)

    assert results(call, key) == (False, ["the interaction 'one' was not exercised"])


def test_a_server_that_was_shut_down_answers_no_longer(call: Call, pact: str, mock_server: Any) -> None:
    key, get = mock_server(pact)

    call("ShutdownMockServer", serverKey=key)

    with pytest.raises(grpc.RpcError) as caught:
        get(b"\x0a\x03u-2", ("tenant", "blue"))
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    assert "unknown mock server" in call("GetMockServerResults", serverKey=key).results[0].error


def test_a_provider_is_asked_and_judged_for_the_stock_verifier(call: Call, pact: str) -> None:
    port = call("StartMockServer", hostInterface="127.0.0.1", pact=pact).details.port

    prepared = call("PrepareInteractionForVerification", pact=pact, interactionKey="one").interactionData
    assert prepared.body.content.value == b"\x0a\x03u-1"
    verified = call(
        "VerifyInteraction",
        pact=pact,
        interactionKey="one",
        interactionData=json_format.MessageToDict(prepared),
        config={"host": "127.0.0.1", "port": port},
    )

    assert verified.result.success
    assert list(verified.result.output) == ["/shop.v1.Shop/Get answered OK: as the pact says"]


def test_contents_are_compared_for_the_stock_verifier(call: Call, workspace: Path) -> None:
    config = contents(workspace, response={"name": "matching(type, 'Ann')", "count": 2})
    configured = call("ConfigureInteraction", contentType="application/grpc", contentsConfig=config)
    response = configured.interaction[1]
    asked = {
        "expected": json_format.MessageToDict(response.contents),
        "actual": {"content": base64.b64encode(b"\x0a\x03Bob\x10\x03").decode()},
        "allow_unexpected_keys": True,
        "rules": json_format.MessageToDict(response)["rules"],
        "pluginConfiguration": {
            "interactionConfiguration": json_format.MessageToDict(
                response.pluginConfiguration.interactionConfiguration
            ),
            "pactConfiguration": json_format.MessageToDict(configured.pluginConfiguration.pactConfiguration),
        },
    }

    found = call("CompareContents", **asked)

    assert (found.error, list(found.results)) == ("", ["$.count"])
