"""What annotated fields hold, and texts and listings without it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from plt.auth.v1 import auth_pb2, events_pb2
from plt.identity.v1 import identity_pb2

from platformkit.context import Context, Payload, entered
from platformkit.telemetry import configure_logging, get_logger, redacted, without_sensitive

USER = identity_pb2.User(user_id="u-1", email="ada@example.org", profile=identity_pb2.Profile(display_name="Ada L."))
CREATE = identity_pb2.CreateUserRequest(user=USER)


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield io.StringIO()
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("nothing of it", "nothing of it", id="nothing"),
        pytest.param("Key (email)=(ada@example.org) exists", "Key (email)=([redacted]) exists", id="a value"),
        pytest.param("ADA@EXAMPLE.ORG", "[redacted]", id="in another case"),
        pytest.param("'Ada L.', 'ada@example.org'", "'[redacted]', '[redacted]'", id="several"),
        pytest.param("user u-1", "user u-1", id="a field that is not annotated"),
    ],
)
def test_values_of_annotated_fields_are_taken_out_of_a_text(text: str, expected: str) -> None:
    assert redacted(text, [CREATE]) == expected


def test_a_value_is_found_as_the_repr_of_an_error_writes_it() -> None:
    request = auth_pb2.LogInRequest(password='it\'s\na "secret"')
    assert redacted(repr(ValueError(request.password)), [request]) == "ValueError('[redacted]')"


def test_a_value_that_every_text_holds_stays() -> None:
    request = auth_pb2.LogInRequest(password="or")
    assert redacted("try again or not", [request]) == "try again or not"


def test_a_message_is_shown_without_what_its_annotated_fields_hold() -> None:
    assert without_sensitive(CREATE) == {
        "user": {"userId": "u-1", "email": "[redacted]", "profile": {"displayName": "[redacted]"}}
    }
    assert CREATE.user.email == "ada@example.org"


def test_messages_in_lists_are_shown_without_it_too() -> None:
    response = identity_pb2.ListUsersResponse(users=[USER, identity_pb2.User(user_id="u-2")])
    assert without_sensitive(response) == {
        "users": [
            {"userId": "u-1", "email": "[redacted]", "profile": {"displayName": "[redacted]"}},
            {"userId": "u-2"},
        ]
    }


def test_a_line_about_a_failure_holds_nothing_of_what_its_request_may_not_tell(stream: io.StringIO) -> None:
    configure_logging("identity", "debug", stream)
    error = ValueError("ada@example.org is taken")
    with entered(Context("r-1", payload=Payload(CREATE))):
        get_logger("store").error("failed", exc_info=error, text=str(error))
        get_logger("store").debug("looked for Ada L.")
        logging.getLogger("a.library").warning("odd %s", error)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["failed", "looked for [redacted]", "odd [redacted] is taken"]
    assert lines[0]["text"] == "[redacted] is taken"
    assert "ValueError: [redacted] is taken" in lines[0]["exception"]


def test_addresses_of_events_are_annotated() -> None:
    event = events_pb2.LoginFailed(account_key="k", address="192.0.2.7")
    assert without_sensitive(event) == {"accountKey": "k", "address": "[redacted]"}
