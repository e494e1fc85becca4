"""Reading pact files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servanda.errors import ContractError
from servanda.pact import Body, ProviderState, load, load_readable
from servanda.transports.grpc.interaction import GrpcInteraction
from servanda.transports.http.interaction import HttpInteraction
from servanda.transports.kafka.interaction import MessageInteraction
from servanda.verdict import Transport
from tests.samples.library.contracts import a_book_over_http, a_title_over_grpc, contract

HTTP: dict[str, Any] = {
    "type": "Synchronous/HTTP",
    "description": "a user",
    "comments": {"testname": "tests/test_a.py::test_b"},
    "providerStates": [{"name": "a user exists", "params": {"id": "u-1"}}],
    "request": {"method": "get", "path": "/users/u-1", "query": {"full": ["true"]}, "headers": {"Accept": ["*/*"]}},
    "response": {
        "status": 200,
        "headers": {"Content-Type": ["application/json"]},
        "body": {"content": {"id": "u-1"}, "contentType": "application/json", "encoded": False},
        "matchingRules": {"body": {"$.id": {"combine": "AND", "matchers": [{"match": "type"}]}}},
    },
}
GRPC: dict[str, Any] = {
    "type": "Synchronous/Messages",
    "transport": "grpc",
    "description": "a call",
    "pluginConfiguration": {"protobuf": {"descriptorKey": "shop", "service": ".shop.v1.Shop/Get"}},
    "request": {"contents": {"content": "CgFh", "contentType": "application/protobuf", "encoded": "base64"}},
    "response": [{"contents": {"content": ""}, "metadata": {"grpc-status": "NOT_FOUND"}}],
}
EVENT: dict[str, Any] = {
    "type": "Asynchronous/Messages",
    "description": "an event",
    "pluginConfiguration": {"protobuf": {"descriptorKey": "shop", "message": ".shop.v1.Request"}},
    "contents": {
        "content": "CgFh",
        "contentType": "application/protobuf;message=.shop.v1.Request",
        "encoded": "base64",
    },
    "metadata": {"topic": "shop.v1", "key": "a", "contentType": "application/protobuf;message=.shop.v1.Request"},
}


def test_an_http_interaction_is_read_with_all_its_parts(write_pact: Callable[..., Path]) -> None:
    (found,) = load(write_pact(HTTP)).interactions

    assert isinstance(found, HttpInteraction)
    assert (found.transport, found.test) == (Transport.HTTP, "tests/test_a.py::test_b")
    assert found.states == (ProviderState("a user exists", {"id": "u-1"}),)
    assert (found.request.method, found.request.path, found.request.query) == ("GET", "/users/u-1", {"full": ("true",)})
    assert found.response.body is not None
    assert json.loads(found.response.body.content) == {"id": "u-1"}


def test_a_grpc_interaction_carries_its_types(write_pact: Callable[..., Path]) -> None:
    (found,) = load(write_pact(GRPC)).interactions

    assert isinstance(found, GrpcInteraction)
    assert (found.path, found.status) == ("/shop.v1.Shop/Get", "NOT_FOUND")
    assert found.input.DESCRIPTOR.full_name == "shop.v1.Request"


def test_an_event_knows_topic_and_type(write_pact: Callable[..., Path]) -> None:
    (found,) = load(write_pact(EVENT)).interactions

    assert isinstance(found, MessageInteraction)
    assert (found.transport, found.topic) == (Transport.KAFKA, "shop.v1")
    assert found.output is not None


def test_an_interaction_is_located_by_the_line_of_its_description(write_pact: Callable[..., Path]) -> None:
    path = write_pact(HTTP, EVENT)

    found = load(path).interactions[1].location

    assert found.path == str(path)
    assert '"an event"' in path.read_text().splitlines()[found.line - 1]


def test_version_3_is_read(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_text(
        json.dumps(
            {
                "consumer": {"name": "a"},
                "provider": {"name": "b"},
                "interactions": [
                    {
                        "description": "one",
                        "providerState": "ready",
                        "request": {"method": "GET", "path": "/", "query": "a=1&a=2", "headers": {"X": "y"}},
                        "response": {"status": 200, "body": [1]},
                    }
                ],
                "metadata": {"pactSpecification": {"version": "3.0.0"}},
            }
        )
    )

    (found,) = load(path).interactions

    assert isinstance(found, HttpInteraction)
    assert found.request.query == {"a": ("1", "2")}
    assert found.response.body is not None
    assert (found.response.body.content, found.states) == (b"[1]", (ProviderState("ready"),))


def broken(base: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**base, **changes}


@pytest.mark.parametrize(
    ("interaction", "message"),
    [
        pytest.param(broken(HTTP, type="Carrier/Pigeon"), "type 'Carrier/Pigeon' is unknown", id="type"),
        pytest.param(broken(HTTP, request=None), "interactions\\[0\\]: 'request' is missing", id="no request"),
        pytest.param(
            broken(HTTP, response={"status": "ok"}), "response.status: expected an integer, found", id="status"
        ),
        pytest.param(broken(GRPC, pluginConfiguration={}), "without a gRPC service", id="no service"),
        pytest.param(
            broken(GRPC, pluginConfiguration={"protobuf": {"descriptorKey": "x", "service": ".a.B/C"}}),
            "descriptors 'x' are not in the file",
            id="no descriptors",
        ),
        pytest.param(
            broken(GRPC, pluginConfiguration={"protobuf": {"service": ".shop.v1.Shop/Get"}}),
            "descriptors '' are not in the file",
            id="no key of descriptors",
        ),
        pytest.param(
            broken(GRPC, pluginConfiguration={"protobuf": {"descriptorKey": "shop", "service": ".shop.v1.Shop/Set"}}),
            "has no method 'Set'",
            id="no method",
        ),
        pytest.param(
            broken(GRPC, pluginConfiguration={"protobuf": {"descriptorKey": "shop", "service": ".shop.v1.Shop/Watch"}}),
            "streams: only unary",
            id="streaming",
        ),
        pytest.param(
            broken(GRPC, response=[{"contents": {"content": ""}, "metadata": {"grpc-status": "17"}}]),
            "'17' is no status of gRPC",
            id="status of gRPC",
        ),
        pytest.param(
            broken(EVENT, contents={"content": "%", "contentType": "x/y", "encoded": "base64"}),
            "is not base64",
            id="encoding",
        ),
        pytest.param(
            broken(HTTP, response={"matchingRules": {"body": {"$.a": {"matchers": [{"match": "x"}]}}}}),
            "matcher 'x' is unknown",
            id="matcher",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_file_line_and_description(
    write_pact: Callable[..., Path], interaction: dict[str, Any], message: str
) -> None:
    path = write_pact(interaction)

    with pytest.raises(ContractError, match=message) as caught:
        load(path)

    assert (caught.value.where or "").startswith(f"{path}:")
    assert f"'{interaction['description']}'" in caught.value.what


def test_a_description_that_is_used_twice_is_refused(write_pact: Callable[..., Path]) -> None:
    with pytest.raises(ContractError, match="'a user' is used twice"):
        load(write_pact(HTTP, HTTP))


@pytest.mark.parametrize(
    "states", [[], [{"name": "another"}], [{"name": "a user exists", "params": {"id": "u-2"}}]], ids=str
)
def test_the_same_description_with_other_provider_states_is_another_interaction(
    write_pact: Callable[..., Path], states: list[object]
) -> None:
    assert len(load(write_pact(HTTP, {**HTTP, "providerStates": states})).interactions) == 2


@pytest.mark.parametrize(
    "metadata",
    [
        *({"pactSpecification": {"version": version}} for version in ("1.0.0", "1.1", "2.0.0", "3.0", "4.0", "4")),
        {"pact-specification": {"version": "2.0.0"}},
        {"pactSpecificationVersion": "1.1.0"},
        {"pact-specification": "2.0.0"},
        {"pactSpecification": {"version": 2.0}},
        {"pactSpecification": [], "pact-js": {"version": "12.1.0"}},
        [],
        None,
    ],
    ids=str,
)
def test_every_version_of_the_specification_is_read(tmp_path: Path, metadata: object) -> None:
    document = {
        "consumer": {"name": "a"},
        "provider": {"name": "b"},
        "interactions": [
            {
                "description": "one",
                "provider_state": "ready",
                "request": {"method": "get", "path": "/a", "query": "q=1", "headers": {"Accept": "*/*"}},
                "response": {"status": 200, "headers": {"Content-Type": "text/plain"}, "body": "hello"},
            }
        ],
        "metadata": metadata,
    }
    path = tmp_path / "a-b.json"
    path.write_text(json.dumps(document))
    (found,) = load(path).interactions
    assert isinstance(found, HttpInteraction)
    assert (found.states, found.request.target) == ((ProviderState("ready"),), "/a?q=1")
    assert found.response.body == Body(b"hello", "text/plain")


def test_interactions_with_types_tell_that_a_file_without_a_version_is_of_version_4(tmp_path: Path) -> None:
    sides = {"consumer": {"name": "a"}, "provider": {"name": "b"}}
    path = tmp_path / "a-b.json"
    path.write_text(json.dumps({**sides, "interactions": [HTTP]}))
    assert (load(path).specification, load(path).interactions[0].responses[0].body) == (
        "4.0",
        Body(b'{"id": "u-1"}', "application/json"),
    )


@pytest.mark.parametrize("version", ["5.0", "0.9", "latest", "", "4.x"])
def test_a_version_that_nobody_knows_is_refused(write_pact: Callable[..., Path], version: str) -> None:
    with pytest.raises(ContractError, match=rf"version '{version}' of the Pact specification is not supported"):
        load(write_pact(version=version))


def test_a_message_may_have_the_description_of_an_exchange_in_another_state(tmp_path: Path) -> None:
    sides = {"consumer": {"name": "a"}, "provider": {"name": "b"}, "metadata": {}}
    messages = [{"description": "x", "contents": 1}, {"description": "x", "contents": 1, "providerState": "y"}]
    path = tmp_path / "a-b.json"
    path.write_text(json.dumps({**sides, "messages": messages}))
    assert [found.states for found in load(path).interactions] == [(), (ProviderState("y"),)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b'{"a": \n}', "invalid JSON", id="no JSON"),
        pytest.param(b"[]", "expected an object", id="no object"),
        pytest.param(b"{}", "'name' is missing", id="empty"),
        pytest.param(b'{"metadata": 7}', "metadata: expected an object", id="metadata"),
        pytest.param(b'{"a": 1, "a": 2}', "duplicate key 'a', first at 1:2", id="twice"),
        pytest.param(b"[" * 100_000, "nested more than 100 levels deep", id="depth"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", "an integer of 5,000 digits", id="digits"),
        pytest.param(rb'{"a": "\ud800"}', "an unpaired surrogate", id="surrogate"),
        pytest.param(b"\xff\xfe", "expected UTF-8", id="no text"),
    ],
)
def test_what_is_no_pact_is_refused_with_its_path(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)

    with pytest.raises(ContractError, match=message) as caught:
        load(path)

    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="cannot be read"):
        load(tmp_path / "none.json")


def test_an_interaction_stands_at_its_description(write_pact: Callable[..., Path]) -> None:
    path = write_pact(HTTP)
    (interaction,) = load(path).interactions
    line = path.read_text(encoding="utf-8").splitlines()[interaction.location.line - 1]
    assert '"description"' in line


def test_a_value_of_another_type_is_refused_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(
        '{"metadata": {"pactSpecification": {"version": "4.0"}},\n "interactions": [{"description": "a",\n'
        ' "request": {"method": 3},\n "response": {}}], "consumer": {"name": "c"}, "provider": {"name": "p"}}'
    )
    with pytest.raises(ContractError) as caught:
        load(path)
    assert caught.value.where == f"{path}:3:24"
    assert caught.value.what == "'a': interactions[0].request.method: expected a string, found the number 3"


def test_an_interaction_may_name_a_variant_of_its_transport(write_pact: Callable[..., Path]) -> None:
    (found,) = load(write_pact({**HTTP, "transport": "https"})).interactions

    assert found.transport == Transport.HTTP


def test_a_name_that_does_not_fit_the_type_does_not_count(write_pact: Callable[..., Path]) -> None:
    (found,) = load(write_pact({**HTTP, "transport": "kafka"})).interactions

    assert found.transport == Transport.HTTP


def test_an_interaction_holds_its_messages_each_way(write_pact: Callable[..., Path]) -> None:
    found = load(write_pact(HTTP, GRPC, EVENT)).interactions

    assert [(len(entry.requests), len(entry.responses)) for entry in found] == [(1, 1), (1, 1), (0, 1)]


@pytest.mark.parametrize(
    ("written", "states"),
    [
        pytest.param({}, (), id="none"),
        pytest.param({"providerState": "ready"}, (ProviderState("ready"),), id="one by its name"),
        pytest.param({"providerStates": {"name": "a"}}, (ProviderState("a"),), id="one without a list"),
        pytest.param(
            {"providerStates": [{"name": "a", "params": {"n": 1}}, {"name": "b"}], "providerState": "c"},
            (ProviderState("a", {"n": 1}), ProviderState("b")),
            id="several, before the one that older writers name",
        ),
        pytest.param({"provider_state": "a"}, (ProviderState("a"),), id="one, of version 1"),
        pytest.param(
            {"providerStates": [], "providerState": "a"}, (ProviderState("a"),), id="one, beside an empty list"
        ),
        pytest.param({"providerStates": "a"}, (ProviderState("a"),), id="one as text"),
        pytest.param({"providerStates": ["a"]}, (ProviderState("a"),), id="a list of texts"),
        pytest.param({"providerStates": [{"name": "a", "params": []}]}, (ProviderState("a"),), id="as PHP writes it"),
        pytest.param({"providerStates": [{"name": ""}], "providerState": None}, (), id="without a name"),
    ],
)
def test_provider_states_are_read_as_each_version_writes_them(
    write_pact: Callable[..., Path], written: dict[str, Any], states: tuple[ProviderState, ...]
) -> None:
    interaction = {key: value for key, value in HTTP.items() if key != "providerStates"} | written
    (found,) = load(write_pact(interaction)).interactions
    assert found.states == states


def test_an_interaction_has_a_name_and_a_test_if_it_says_so(write_pact: Callable[..., Path]) -> None:
    bare = {key: value for key, value in HTTP.items() if key != "comments"}
    named, unnamed = load(write_pact({**HTTP, "key": "k-1"}, {**bare, "description": "other"})).interactions
    assert (named.name, named.test) == ("k-1", "tests/test_a.py::test_b")
    assert (unnamed.name, unnamed.test) == ("", "")


def test_a_pact_names_both_sides_its_plugins_and_its_version(write_pact: Callable[..., Path]) -> None:
    path = write_pact(HTTP)
    found = load(path)
    assert (found.path, found.consumer, found.provider, found.specification) == (str(path), "basket", "shop", "4.0")
    assert [(plugin.name, plugin.version, list(plugin.configuration)) for plugin in found.plugins] == [
        ("protobuf", "1", ["shop"])
    ]


@pytest.mark.parametrize("written", ["%", "\xe9", "/w==", 7])
def test_descriptors_that_cannot_be_read_cost_the_calls_that_need_them(tmp_path: Path, written: object) -> None:
    contract(tmp_path, a_book_over_http(), a_title_over_grpc())
    path = tmp_path / "reader-library.json"
    document = json.loads(path.read_text())
    for configuration in document["metadata"]["plugins"][0]["configuration"].values():
        configuration["protoDescriptors"] = written
    path.write_text(json.dumps(document))
    found = load_readable(path)
    assert [each.description for each in found.interactions] == ["a book"]
    assert [each.description for each in found.unreadable] == ["a title"]
    assert "descriptors" in found.unreadable[0].error.what


def test_a_plugin_of_another_name_has_no_descriptors(tmp_path: Path) -> None:
    plugin = {"name": "avro", "configuration": {"schema": "%"}}
    metadata = {"pact-specification": {"version": "4.0"}, "plugins": [plugin]}
    sides = {"consumer": {"name": "a"}, "provider": {"name": "b"}}
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"metadata": metadata, "interactions": [], **sides}))
    found = load(path)
    assert ([(each.name, each.version) for each in found.plugins], found.interactions) == ([("avro", "")], ())


def test_messages_of_version_3_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    message = {"description": "an event", "contents": {"a": 1}, "metaData": {"topic": "t"}}
    sides = {"consumer": {"name": "a"}, "provider": {"name": "b"}}
    path.write_text(
        json.dumps({"messages": [message], "metadata": {"pactSpecification": {"version": "3.0.0"}}, **sides})
    )
    (found,) = load(path).interactions
    assert (found.transport, found.responses[0].fields) == (Transport.KAFKA, {"topic": ("t",)})
