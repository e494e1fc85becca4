"""Publication of contracts: those of each consumer in one request."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from servanda.documents import Notation, Reader
from servanda.errors import ConfigurationError, PublicationError
from servanda.escaping import redact, secret_values
from servanda.publication.errors import URL, BrokerAnswerError, BrokerAwayError
from servanda.publication.hal import Broker, Document

_RETRIES: Final = "PACT_BROKER_HTTP_RETRIES"
_MOST_RETRIES: Final = 10
_FIRST_PAUSE: Final = 0.5
_TIMEOUT, _TOO_MANY, _SERVER_ERROR = 408, 429, 500
_READER = Reader(PublicationError)


@dataclass(frozen=True, slots=True)
class ConsumerVersion:
    """The version of consumers that contracts are published as.

    Attributes:
        number: The version.
        branch: Their branch; empty if there is none.
        tags: Tags of the version.
        build_url: Address of the build; empty if there is none.
    """

    number: str
    branch: str = ""
    tags: tuple[str, ...] = ()
    build_url: str = ""


def publish(
    files: Sequence[Path],
    version: ConsumerVersion,
    environ: Mapping[str, str],
    pause: Callable[[float], None] = time.sleep,
) -> tuple[str, ...]:
    """Send contracts to the broker at ``PACT_BROKER_BASE_URL`` as those of one version.

    A request is repeated as often as ``PACT_BROKER_HTTP_RETRIES`` says, three times by default, if the broker is away
    or busy.

    Args:
        files: The contracts.
        version: The version of all their consumers.
        environ: Holds the address and the credentials, see :class:`servanda.publication.hal.Broker`.
        pause: Waits so many seconds before a request is repeated.

    Returns:
        What the broker said, without credentials.

    Raises:
        PublicationError: There is nothing to send, nowhere to send it, two files hold contracts of the same parties, or
            the broker does not accept one.
        ConfigurationError: The number of retries is none.
    """
    if not environ.get(URL):
        raise PublicationError(f"{URL} is not set", hint=f"set the URL of the broker: export {URL}=http://...")
    if not files:
        raise PublicationError("no contract to publish", hint="record the consumers' contracts first")
    requests, told = _requests(files, version), list[str]()
    pauses = [_FIRST_PAUSE * 2**number for number in range(_retries(environ))]
    with Broker(environ[URL], environ) as broker:
        url = broker.link(_repeated(broker.index, pauses, pause), "pb:publish-contracts")
        for request in requests:
            told += _notices(_repeated(lambda request=request: broker.post(url, request), pauses, pause))  # type: ignore[misc]
    secrets = secret_values(environ)  # a broker repeats what it was sent
    return tuple(redact(line, secrets) for line in told)


def _requests(files: Iterable[Path], version: ConsumerVersion) -> list[Document]:
    contracts: dict[str, list[Document]] = {}
    seen: dict[tuple[str, str], Path] = {}
    for file in files:
        parties = _READER.read(file, notation=Notation.JSON).root.table()
        consumer, provider = (parties.table(role).text("name") for role in ("consumer", "provider"))
        if (first := seen.setdefault((consumer, provider), file)) is not file:
            # A broker keeps one of them, or refuses the other as a change of it.
            what = f"a second contract of '{consumer}' with '{provider}', beside {first}"
            raise PublicationError(what, where=str(file), hint="merge both into one file, or move one of them")
        contract = {
            "consumerName": consumer,
            "providerName": provider,
            "specification": "pact",
            "contentType": "application/json",
            "content": base64.b64encode(file.read_bytes()).decode("ascii"),
        }
        contracts.setdefault(consumer, []).append(contract)
    optional = {"branch": version.branch, "tags": list(version.tags), "buildUrl": version.build_url}
    known = {"pacticipantVersionNumber": version.number, **{key: value for key, value in optional.items() if value}}
    return [{"pacticipantName": name, **known, "contracts": own} for name, own in contracts.items()]


def _retries(environ: Mapping[str, str]) -> int:
    given = environ.get(_RETRIES) or "3"
    if not given.isascii() or not given.isdigit() or int(given) > _MOST_RETRIES:
        raise ConfigurationError(
            f"'{given}' is no number of retries", where=_RETRIES, hint=f"expected 0 to {_MOST_RETRIES}"
        )
    return int(given)


def _repeated(ask: Callable[[], Document], pauses: Iterable[float], pause: Callable[[float], None]) -> Document:
    for seconds in pauses:
        try:
            return ask()
        except BrokerAnswerError as error:
            if error.status not in (_TIMEOUT, _TOO_MANY) and error.status < _SERVER_ERROR:
                raise
        except BrokerAwayError:
            pass
        pause(seconds)
    return ask()


def _notices(answer: Document) -> list[str]:
    notices = answer.get("notices")
    found = [each.get("text") for each in notices if isinstance(each, dict)] if isinstance(notices, list) else []
    return [text for text in found if isinstance(text, str) and text]
