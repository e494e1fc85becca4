"""Publication through the stock command, to a stand-in that answers as a broker does."""

import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from servanda.errors import PublicationError
from servanda.publication import publish

PACT = {
    "consumer": {"name": "web-app"},
    "provider": {"name": "gateway"},
    "interactions": [
        {
            "description": "a request for a user",
            "type": "Synchronous/HTTP",
            "request": {"method": "GET", "path": "/v1/users/1"},
            "response": {"status": 200},
        }
    ],
    "metadata": {"pactSpecification": {"version": "4.0"}},
}


@dataclass
class StandInBroker:
    """Records what is published; refuses it if told to."""

    url: str = ""
    refusal: dict[str, object] | None = None
    notice: str = ""
    published: list[dict[str, object]] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)

    @property
    def index(self) -> dict[str, object]:
        return {
            "_links": {"self": {"href": self.url}, "pb:publish-contracts": {"href": f"{self.url}/contracts/publish"}}
        }


@pytest.fixture
def broker() -> Iterator[StandInBroker]:
    state = StandInBroker()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(200, state.index)

        def do_POST(self) -> None:
            state.authorizations.append(self.headers.get("Authorization", ""))
            state.published.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if state.refusal is not None:
                self.answer(400, {"errors": state.refusal})
            else:
                notices = [{"type": "success", "text": state.notice}]
                self.answer(200, {"notices": notices, "logs": [], "_links": {"pb:contracts": []}})

        def answer(self, status: int, document: dict[str, object]) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/hal+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """The requests are recorded above."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield state
        server.shutdown()
        thread.join()


@pytest.fixture
def pact(tmp_path: Path) -> Path:
    file = tmp_path / "web-app-gateway.json"
    file.write_text(json.dumps(PACT), encoding="utf-8")
    return file


def test_a_contract_is_published_with_version_and_branch(broker: StandInBroker, pact: Path) -> None:
    publish([pact], "4f2a9c1", "main", {"PACT_BROKER_BASE_URL": broker.url})

    (sent,) = broker.published
    assert (sent["pacticipantName"], sent["pacticipantVersionNumber"], sent["branch"]) == ("web-app", "4f2a9c1", "main")


def test_the_whole_contract_is_published(broker: StandInBroker, pact: Path) -> None:
    publish([pact], "4f2a9c1", "main", {"PACT_BROKER_BASE_URL": broker.url})

    (sent,) = broker.published
    contracts = sent["contracts"]
    assert isinstance(contracts, list)
    content = json.loads(base64.b64decode(contracts[0]["content"]))
    assert [interaction["description"] for interaction in content["interactions"]] == ["a request for a user"]


def test_a_folder_with_pattern_characters_is_published_as_named(broker: StandInBroker, pact: Path) -> None:
    folder = pact.parent / "[pacts]"
    folder.mkdir()

    publish([pact.rename(folder / pact.name)], "1", "main", {"PACT_BROKER_BASE_URL": broker.url})

    assert len(broker.published) == 1


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        pytest.param({"PACT_BROKER_TOKEN": "sesame"}, "Bearer sesame", id="token"),
        pytest.param(
            {"PACT_BROKER_USERNAME": "ada", "PACT_BROKER_PASSWORD": "sesame"}, "Basic YWRhOnNlc2FtZQ==", id="password"
        ),
        pytest.param({}, "", id="none"),
    ],
)
def test_credentials_are_passed_on(broker: StandInBroker, pact: Path, environ: dict[str, str], expected: str) -> None:
    publish([pact], "1", "main", {"PACT_BROKER_BASE_URL": broker.url, **environ})

    assert broker.authorizations == [expected]


def test_what_the_broker_refuses_is_told(broker: StandInBroker, pact: Path) -> None:
    broker.refusal = {"pacticipantVersionNumber": ["is taken"]}

    with pytest.raises(PublicationError, match="is taken"):
        publish([pact], "1", "main", {"PACT_BROKER_BASE_URL": broker.url})


def test_a_broker_that_is_away_is_told_with_its_address(pact: Path) -> None:
    environ = {"PACT_BROKER_BASE_URL": "http://127.0.0.1:9", "PACT_BROKER_HTTP_RETRIES": "0"}

    with pytest.raises(PublicationError, match="did not accept") as caught:
        publish([pact], "1", "main", environ)

    assert caught.value.where == "http://127.0.0.1:9"


@pytest.mark.parametrize("accepted", [True, False])
def test_nothing_that_is_told_repeats_a_credential(broker: StandInBroker, pact: Path, accepted: bool) -> None:
    address = broker.url.replace("://", "://ada:w0nder@")
    broker.notice = f"you sent 'Bearer open-sesame' and 'w0nder' to {address}"
    broker.refusal = None if accepted else {"it": [broker.notice]}

    told = outcome([pact], {"PACT_BROKER_BASE_URL": address, "PACT_BROKER_TOKEN": "open-sesame"})

    assert "open-sesame" not in told
    assert "w0nder" not in told


def outcome(files: list[Path], environ: dict[str, str]) -> str:
    try:
        return publish(files, "1", "main", environ)
    except PublicationError as error:
        return str(error)


def test_without_an_address_nothing_is_sent(pact: Path) -> None:
    with pytest.raises(PublicationError, match="PACT_BROKER_BASE_URL is not set"):
        publish([pact], "1", "main", {})


def test_nothing_to_publish_is_an_error(broker: StandInBroker) -> None:
    with pytest.raises(PublicationError, match="no contract to publish"):
        publish([], "1", "main", {"PACT_BROKER_BASE_URL": broker.url})
