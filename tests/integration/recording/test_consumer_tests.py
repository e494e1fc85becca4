"""What becomes of consumers' tests, seen from outside: exit code, messages and pact files."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from servanda.pact import load
from servanda.transports.http.interaction import HttpResponse
from servanda.verdict import Transport

HTTP_TEST = "test_pricing.py::test_a_price_over_http"
EXERCISED = """
with pact.serve() as server:
    httpx2.get(f"{server.url}/a")
"""
SCOPED = """
import httpx2


def test_scoped(pact_with):
    pact = pact_with("@shop/web", "pricing")
    pact.upon_receiving("one").with_request("GET", "/a").will_respond_with(204)
    with pact.serve() as server:
        httpx2.get(f"{server.url}/a")
"""
BAD_DATE = """
date = {"pact:matcher:type": "date", "format": "yyyy-bb", "value": "2026-11"}
pact.upon_receiving("one").with_request("GET", "/a").will_respond_with(200).with_body({"day": date}, "application/json")
"""
BAD_EXAMPLE = """
body = {"id": {"pact:matcher:type": "regex", "regex": "[0-9]+", "value": "A"}}
pact.upon_receiving("one").with_request("GET", "/a").will_respond_with(200).with_body(body, "application/json")
"""
BAD_EXAMPLE_OF_A_CALL = """
METHOD = "/shop.v1.PricingService/GetQuote"
pact.upon_calling("one", METHOD).with_request({"sku": "matching(regex, '[0-9]+', 'A')"}).will_respond_with({"price": 1})
with pact.serve_grpc() as target:
    grpc.insecure_channel(target).unary_unary(METHOD)(b"\\n\\x011")
"""
BAD_EXAMPLE_OF_AN_EVENT = """
pact.upon_event("one", "shop.v1.PriceChanged").with_payload({"sku": "matching(regex, '[0-9]+', 'A')"})
with pact.deliver():
    pass
"""
REFUSED_EXAMPLE = "'one': an example is refused by its own rule:"
CALL = """
METHOD = "/shop.v1.PricingService/GetQuote"
pact.upon_calling("one", METHOD).with_request({"sku": "A"}).will_respond_with({"price": 1})
with pact.serve_grpc() as target:
    """
ABSENT = """
(
    pact.upon_receiving("a stranger")
    .with_request("GET", "/a")
    .with_header("Origin", "https://evil.example")
    .will_respond_with(204)
    .with_header("Vary", "origin")
    .without_header("Access-Control-Allow-Origin")
)
(
    pact.upon_receiving("a friend")
    .with_request("PUT", "/a")
    .with_body("text", "text/plain")
    .will_respond_with(200)
    .with_header("Access-Control-Allow-Origin", "https://app.example")
    .with_body("done", "text/plain")
)
with pact.serve() as server, httpx2.Client(base_url=str(server.url)) as client:
    stranger = client.get("/a", headers={"origin": "https://evil.example"})
    friend = client.put("/a", content="text", headers={"content-type": "text/plain"})
pages = [name for name in (*stranger.headers, *friend.headers) if name.startswith("access-control-")]
assert (stranger.status_code, stranger.headers["vary"]) == (204, "origin")
assert (friend.text, friend.headers["access-control-allow-origin"]) == ("done", "https://app.example")
assert pages == ["access-control-allow-origin"]
"""


def test_the_guide_records_every_transport(guide_recorded: Any) -> None:
    recorded = {entry.description: entry.transport for entry in load(guide_recorded.pact).interactions}

    assert recorded == {
        "a price was changed": Transport.KAFKA,
        "a price was changed, in JSON": Transport.KAFKA,
        "a quote for a known article": Transport.GRPC,
        "a quote for an unknown article": Transport.GRPC,
        "the price of a known article over HTTP": Transport.HTTP,
    }


def test_workers_do_not_change_a_byte(project: Any, guide_recorded: Any) -> None:
    done = project.record("-p", "xdist", "-n", "2")

    assert done.returncode == 0, done.stdout
    assert project.pact.read_bytes() == guide_recorded.pact.read_bytes()


def test_a_part_of_the_tests_leaves_the_rest_of_the_contract_alone(recorded_project: Any) -> None:
    before = recorded_project.pact.read_bytes()

    done = recorded_project.record(HTTP_TEST)

    assert done.returncode == 0, done.stdout
    assert recorded_project.pact.read_bytes() == before


def test_pruning_keeps_only_what_the_run_recorded(recorded_project: Any) -> None:
    done = recorded_project.record(HTTP_TEST, "--pact-prune")

    assert done.returncode == 0, done.stdout
    assert [entry.transport for entry in load(recorded_project.pact).interactions] == [Transport.HTTP]
    assert "plugins" not in json.loads(recorded_project.pact.read_text())["metadata"]


def test_an_interaction_that_its_test_renamed_goes(recorded_project: Any) -> None:
    tests = recorded_project.folder / "test_pricing.py"
    tests.write_text(tests.read_text().replace("the price of a known article over HTTP", "the price of an article"))

    assert recorded_project.record(HTTP_TEST).returncode == 0

    over_http = [entry for entry in load(recorded_project.pact).interactions if entry.transport == Transport.HTTP]
    assert [entry.description for entry in over_http] == ["the price of an article"]


def test_another_folder_is_named_by_the_environment(project: Any, tmp_path: Path) -> None:
    done = project.record(HTTP_TEST, SERVANDA_PACT_DIR=str(tmp_path / "elsewhere"))

    assert done.returncode == 0, done.stdout
    assert (tmp_path / "elsewhere" / "basket-pricing.json").is_file()
    assert not project.pact.exists()


def test_a_status_alone_is_recorded(project: Any) -> None:
    project.add_test(
        "status",
        f'pact.upon_receiving("one").with_request("GET", "/a").will_respond_with(200)\n{EXERCISED}',
    )

    assert project.record("test_status.py").returncode == 0
    assert [entry.description for entry in load(project.pact).interactions] == ["one"]


def test_an_example_that_a_generator_fills_or_that_is_one_of_many_is_recorded(project: Any) -> None:
    values = "{'id': match.uuid(), 'lines': match.each_like({'count': match.int()}, min=2)}"
    answered = f".will_respond_with(200).with_body({values}, 'application/json')"
    project.add_test(
        "generated",
        f'from pact import match\npact.upon_receiving("one").with_request("GET", "/a"){answered}\n{EXERCISED}',
    )

    done = project.record("test_generated.py")
    assert done.returncode == 0, done.stdout


def test_the_same_words_in_two_provider_states_are_two_interactions(project: Any) -> None:
    for name, status in (("found", 200), ("missing", 404)):
        project.add_test(
            name,
            f'pact.upon_receiving("one").given("{name}").with_request("GET", "/a")'
            f".will_respond_with({status})\n{EXERCISED}",
        )

    assert project.record("test_found.py", "test_missing.py").returncode == 0
    assert [entry.states[0].name for entry in load(project.pact).interactions] == ["found", "missing"]


def test_a_party_with_a_scope_has_a_file(project: Any) -> None:
    configuration = project.folder / "servanda.toml"
    configuration.write_text(configuration.read_text() + '[pacticipants."@shop/web"]\n')
    (project.folder / "test_scoped.py").write_text(SCOPED)

    assert project.record("test_scoped.py").returncode == 0
    assert load(project.pact.with_name("@shop%2Fweb-pricing.json")).consumer == "@shop/web"


def test_the_mock_permits_pages_only_what_is_described(guide: Any, tmp_path: Path) -> None:
    project = guide.copy(tmp_path / "project")
    project.add_test("pages", ABSENT)
    done = project.record("test_pages.py")

    assert done.returncode == 0, done.stdout
    recorded = {entry.description: entry for entry in load(project.pact).interactions}
    (expected,) = recorded["a stranger"].responses
    assert isinstance(expected, HttpResponse)
    assert expected.absent == ("Access-Control-Allow-Origin",)


def test_a_run_with_a_failed_test_writes_nothing(project: Any) -> None:
    project.add_test("that_fails", "del pact\nassert False")

    done = project.record(HTTP_TEST, "test_that_fails.py")

    assert done.returncode == 1
    assert "no contract was written" in done.stdout
    assert not project.pact.exists()


REFUSED = {
    "never_exercised": (
        'pact.upon_receiving("one").with_request("GET", "/a").will_respond_with(204)',
        "'one' of basket -> pricing was described but the consumer was not exercised against it",
    ),
    "checks_nothing": (
        'pact.upon_event("one", "shop.v1.PriceChanged").with_payload({})\nwith pact.deliver():\n    pass',
        "'one' checks nothing: it accepts every answer of pricing",
    ),
    "no_such_format": (
        f"{BAD_DATE}{EXERCISED}",
        "'one': the date format 'yyyy-bb' uses 'bb', which is not supported",
    ),
    "refused_example": (f"{BAD_EXAMPLE}{EXERCISED}", f"{REFUSED_EXAMPLE} $.id is "),
    "refused_example_of_a_call": (BAD_EXAMPLE_OF_A_CALL, f"{REFUSED_EXAMPLE} $.sku is "),
    "refused_example_of_an_event": (BAD_EXAMPLE_OF_AN_EVENT, f"{REFUSED_EXAMPLE} $.sku is "),
    "asked_otherwise": (
        f'pact.upon_receiving("one").with_request("GET", "/b").will_respond_with(204)\n{EXERCISED}',
        "MismatchesError",
    ),
    "called_otherwise": (
        f"{CALL}try:\n        grpc.insecure_channel(target).unary_unary(METHOD)(b'')\n    except grpc.RpcError: pass",
        'basket did not call pricing as described: /shop.v1.PricingService/GetQuote: $.sku is missing, expected "A"',
    ),
    "never_called": (f"{CALL}pass", "the interaction 'one' was not exercised"),
    "not_configured": ('pact_with("basket", "princing")', "the provider 'princing' is not configured"),
    "no_such_method": (
        'pact.upon_calling("one", "shop.v1.PricingService/GetPrice").with_request({}).will_respond_with({})',
        "has no method 'GetPrice'",
    ),
    "no_such_field": (
        'pact.upon_calling("one", "shop.v1.PricingService/GetQuote").with_request({"sky": "A"}).will_respond_with({})',
        "has no field 'sky'",
    ),
    "described_twice": (
        'pact.upon_receiving("one")\npact.upon_receiving("one")',
        "'one' is described twice in one test",
    ),
    "served_on_another_transport": (
        'pact.upon_event("one", "shop.v1.PriceChanged").with_payload({"sku": "A"})\nwith pact.serve():\n    pass',
        "no interaction has the description 'upon_receiving'",
    ),
    "two_transports": (
        'pact.upon_receiving("one")\npact.upon_event("other", "shop.v1.PriceChanged")',
        "'other' has another transport than 'one'",
    ),
    "another_plugin": ('pact.using_plugin("avro")', "the plugin 'avro' is not installed"),
}
"""Tests whose contract cannot be meant, and what each of them is told."""


@pytest.fixture(scope="module")
def refusals(guide: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What every such test failed with, from one run of all of them."""
    shared_project = guide.copy(tmp_path_factory.mktemp("refused") / "project")
    for name, (body, _) in REFUSED.items():
        shared_project.add_test(name, body)
    done = shared_project.record("--junitxml=results.xml", *(f"test_{name}.py" for name in REFUSED))
    assert done.returncode == 1
    assert not shared_project.pact.exists()
    cases = ET.parse(shared_project.folder / "results.xml").iter("testcase")  # noqa: S314 - written by our own run
    return {case.attrib["name"].removeprefix("test_"): "".join(case.itertext()) for case in cases}


@pytest.mark.parametrize("name", REFUSED)
def test_a_contract_that_cannot_be_meant_fails_its_test(refusals: dict[str, str], name: str) -> None:
    assert REFUSED[name][1] in refusals[name]


def test_different_interactions_in_the_same_words_fail_the_run_and_name_both_tests(project: Any) -> None:
    for name, path in (("first", "/a"), ("second", "/b")):
        project.add_test(
            name,
            f'pact.upon_receiving("one").with_request("GET", "{path}").will_respond_with(204)\n'
            f'with pact.serve() as server:\n    httpx2.get(server.url + "{path}")',
        )

    done = project.record("test_first.py", "test_second.py")

    assert done.returncode == 1
    assert "test_first.py::test_first and test_second.py::test_second" in done.stdout
    assert not project.pact.exists()


def test_tests_without_contracts_do_not_load_the_pact_library(project: Any) -> None:
    (project.folder / "test_plain.py").write_text(
        "import sys\n\n\ndef test_plain():\n    assert not {'pact', 'pact_ffi', 'grpc'} & set(sys.modules)\n"
    )

    done = project.record("test_plain.py")

    assert done.returncode == 0, done.stdout
