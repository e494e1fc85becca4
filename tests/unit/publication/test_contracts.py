"""Publication of contracts to a stand-in that answers as a broker does."""

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError

import pytest

from servanda.errors import ConfigurationError, PublicationError
from servanda.publication import ConsumerVersion, publish
from servanda.publication.asking import unreachable

VERSION = ConsumerVersion("4f2a9c1", "main", ("prod", "eu"), "https://ci.example.org/7")
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
    """Records what is published; refuses it if told to, at first with these statuses."""

    url: str = ""
    refusal: dict[str, object] | None = None
    notice: str = ""
    statuses: list[int] = field(default_factory=list)
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
            if state.statuses or state.refusal is not None:
                self.answer(state.statuses.pop(0) if state.statuses else 400, {"errors": state.refusal})
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


def contracts_of(sent: dict[str, object]) -> list[dict[str, str]]:
    contracts = sent["contracts"]
    assert isinstance(contracts, list)
    return contracts


def test_a_contract_is_published_with_version_and_branch(broker: StandInBroker, pact: Path) -> None:
    publish([pact], VERSION, {"PACT_BROKER_BASE_URL": broker.url})

    (sent,) = broker.published
    assert (sent["pacticipantName"], sent["pacticipantVersionNumber"], sent["branch"]) == ("web-app", "4f2a9c1", "main")
    assert (sent["tags"], sent["buildUrl"]) == (["prod", "eu"], "https://ci.example.org/7")


def test_what_is_not_known_of_a_version_is_not_sent(broker: StandInBroker, pact: Path) -> None:
    publish([pact], ConsumerVersion("1"), {"PACT_BROKER_BASE_URL": broker.url})

    assert {"branch", "tags", "buildUrl"}.isdisjoint(broker.published[0])


def test_the_contracts_of_each_consumer_are_one_request(broker: StandInBroker, pact: Path) -> None:
    others = {"web-app-audit.json": ("web-app", "audit"), "desk-gateway.json": ("desk", "gateway")}
    for name, (consumer, provider) in others.items():
        content = {**PACT, "consumer": {"name": consumer}, "provider": {"name": provider}}
        (pact.parent / name).write_text(json.dumps(content), encoding="utf-8")

    publish(sorted(pact.parent.glob("*.json")), VERSION, {"PACT_BROKER_BASE_URL": broker.url})

    assert {str(sent["pacticipantName"]): len(contracts_of(sent)) for sent in broker.published} == {
        "desk": 1,
        "web-app": 2,
    }


def test_two_contracts_of_the_same_parties_are_not_sent(broker: StandInBroker, pact: Path) -> None:
    (pact.parent / "again.json").write_text(pact.read_text(encoding="utf-8"), encoding="utf-8")

    with pytest.raises(PublicationError, match="a second contract of 'web-app' with 'gateway', beside"):
        publish(sorted(pact.parent.glob("*.json")), VERSION, {"PACT_BROKER_BASE_URL": broker.url})

    assert broker.published == []


def test_the_whole_contract_is_published(broker: StandInBroker, pact: Path) -> None:
    publish([pact], VERSION, {"PACT_BROKER_BASE_URL": broker.url})

    (sent,) = broker.published
    content = json.loads(base64.b64decode(contracts_of(sent)[0]["content"]))
    assert [interaction["description"] for interaction in content["interactions"]] == ["a request for a user"]


def test_a_folder_with_pattern_characters_is_published_as_named(broker: StandInBroker, pact: Path) -> None:
    folder = pact.parent / "[pacts]"
    folder.mkdir()

    publish([pact.rename(folder / pact.name)], VERSION, {"PACT_BROKER_BASE_URL": broker.url})

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
    publish([pact], VERSION, {"PACT_BROKER_BASE_URL": broker.url, **environ})

    assert broker.authorizations == [expected]


def test_the_user_in_an_address_is_sent_although_the_links_leave_it_out(broker: StandInBroker, pact: Path) -> None:
    publish([pact], VERSION, {"PACT_BROKER_BASE_URL": broker.url.replace("://", "://ada:sesame@")})

    assert broker.authorizations == ["Basic YWRhOnNlc2FtZQ=="]


def test_what_the_broker_refuses_is_told_in_words_with_its_status(broker: StandInBroker, pact: Path) -> None:
    broker.refusal = {"pacticipantVersionNumber": ["is taken"]}

    with pytest.raises(PublicationError, match="the broker answered 400: pacticipantVersionNumber: is taken"):
        publish([pact], VERSION, {"PACT_BROKER_BASE_URL": broker.url})


@pytest.mark.parametrize(
    ("status", "hint"), [(401, "check the credentials"), (403, "do not allow"), (404, "check the address"), (400, None)]
)
def test_the_hint_is_that_of_the_status(broker: StandInBroker, pact: Path, status: int, hint: str | None) -> None:
    broker.statuses = [status]

    with pytest.raises(PublicationError, match=f"the broker answered {status}") as caught:
        publish([pact], VERSION, {"PACT_BROKER_BASE_URL": broker.url})

    assert (hint or "") in (caught.value.hint or "")
    assert (caught.value.hint is None) == (hint is None)


def test_a_broker_that_is_busy_is_asked_again(broker: StandInBroker, pact: Path) -> None:
    broker.statuses, pauses = [503, 429], list[float]()

    publish([pact], VERSION, {"PACT_BROKER_BASE_URL": broker.url}, pauses.append)

    assert (pauses, len(broker.published)) == ([0.5, 1.0], 3)


def test_a_refusal_is_final(broker: StandInBroker, pact: Path) -> None:
    broker.refusal, pauses = {}, list[float]()

    with pytest.raises(PublicationError):
        publish([pact], VERSION, {"PACT_BROKER_BASE_URL": broker.url}, pauses.append)

    assert pauses == []


def test_a_broker_that_is_away_is_told_with_its_address(pact: Path) -> None:
    pauses: list[float] = []
    environ = {"PACT_BROKER_BASE_URL": "http://127.0.0.1:9", "PACT_BROKER_HTTP_RETRIES": "2"}

    with pytest.raises(PublicationError, match="the broker cannot be reached: ") as caught:
        publish([pact], VERSION, environ, pauses.append)

    assert caught.value.where == "http://127.0.0.1:9/"
    assert "whether the broker runs" in (caught.value.hint or "")
    assert len(pauses) == 2


@pytest.mark.parametrize("retries", ["-1", "many", "11"])
def test_a_number_of_retries_that_is_none_is_refused(broker: StandInBroker, pact: Path, retries: str) -> None:
    with pytest.raises(ConfigurationError, match=f"'{retries}' is no number of retries"):
        publish([pact], VERSION, {"PACT_BROKER_BASE_URL": broker.url, "PACT_BROKER_HTTP_RETRIES": retries})


def test_tls_on_a_port_that_speaks_none_is_no_matter_of_credentials(broker: StandInBroker, pact: Path) -> None:
    pauses: list[float] = []

    with pytest.raises(PublicationError, match="no TLS connection to the broker") as caught:
        publish([pact], VERSION, {"PACT_BROKER_BASE_URL": broker.url.replace("http:", "https:")}, pauses.append)

    assert "http:// or https://" in (caught.value.hint or "")
    assert pauses == []


def test_a_certificate_that_is_not_trusted_is_told_with_the_variable_that_helps() -> None:
    wrong = ssl.SSLCertVerificationError(1, "failed")
    wrong.verify_message = "self-signed certificate"
    error = URLError(wrong)
    error.__cause__ = wrong

    told = unreachable(error, "https://broker")

    assert told.what == "the certificate of the broker is not trusted: self-signed certificate"
    assert "SSL_CERT_FILE" in (told.hint or "")


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
        return "\n".join(publish(files, VERSION, environ))
    except PublicationError as error:
        return str(error)


def test_without_an_address_nothing_is_sent(pact: Path) -> None:
    with pytest.raises(PublicationError, match="PACT_BROKER_BASE_URL is not set"):
        publish([pact], VERSION, {})


def test_nothing_to_publish_is_an_error(broker: StandInBroker) -> None:
    with pytest.raises(PublicationError, match="no contract to publish"):
        publish([], VERSION, {"PACT_BROKER_BASE_URL": broker.url})


@pytest.mark.parametrize("scheme", ["ftp", "file"])
def test_an_address_that_is_none_of_http_is_not_opened(pact: Path, scheme: str) -> None:
    pauses: list[float] = []

    with pytest.raises(PublicationError, match=r"expected http://"):
        publish([pact], VERSION, {"PACT_BROKER_BASE_URL": f"{scheme}://{pact}"}, pauses.append)

    assert pauses == []


def test_a_redirection_is_told_and_not_followed(broker: StandInBroker, pact: Path) -> None:
    broker.statuses = [301]

    with pytest.raises(PublicationError, match="the broker answered 301") as caught:
        publish([pact], VERSION, {"PACT_BROKER_BASE_URL": broker.url})

    assert "the address that it redirects to" in (caught.value.hint or "")
    assert len(broker.published) == 1
