"""Credentials that nothing repeats."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.escaping import keep_secret, redact, secret_values, visible
from servanda.escaping.documents import json_text
from tests.samples.hostile import TEXTS


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("https://u:p4ss@host/a", "https://***@host/a", id="http"),
        pytest.param(
            "https://ghp_token@host/a.git#branch=main", "https://***@host/a.git#branch=main", id="token as user"
        ),
        pytest.param("git+HTTPS://u:p4ss@host", "git+HTTPS://***@host", id="git over http"),
        pytest.param("postgresql://ada:p4ss@h:5432/db", "postgresql://ada:***@h:5432/db", id="dsn"),
        pytest.param("redis://:p4ss@h:6379/0", "redis://:***@h:6379/0", id="no user"),
        pytest.param("redis://:a@h,redis://:b@i", "redis://:***@h,redis://:***@i", id="several"),
        pytest.param("postgresql://a:b@h1,c:d@h2/db", "postgresql://a:***@h2/db", id="several hosts"),
        pytest.param("'https://u:p'q@h' and x@y", "'https://***@h' and x@y", id="quotes"),
        pytest.param("postgresql://u:p@ss@h/db", "postgresql://u:***@h/db", id="at sign"),
        pytest.param("postgresql://u:p/w#x@h/db", "postgresql://u:***@h/db", id="slash"),
        pytest.param(
            "postgresql://h/db?user=u&password=p4ss&x=1", "postgresql://h/db?user=u&password=***&x=1", id="query"
        ),
        pytest.param("https://h/x?private_token=p4ss", "https://h/x?private_token=***", id="token in a query"),
        pytest.param("host=h user=u password=p4ss port=1", "host=h user=u password=*** port=1", id="libpq"),
        pytest.param('sasl.password = "p4 ss";', "sasl.password = ***;", id="kafka"),
        pytest.param('username="u" password="p4ss";', 'username="u" password=***;', id="jaas"),
    ],
)
def test_a_credential_is_masked(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1:8080/v1/users/ada@example.org",
        "http://[::1]:80/a@b",
        "ssh://git@host/a.git",
        "kafka://h:9092,i:9092/x@y",
        "https://host/x?page_token=abc",
        "user=ada&password=sesame",
        "password authentication failed",
        "a: b@c",
    ],
)
def test_what_is_no_credential_stays(text: str) -> None:
    assert redact(text) == text


@given(TEXTS, st.text("abcXYZ019%@:'é", min_size=8).filter(lambda text: not text.isdigit()), TEXTS)
def test_no_output_has_the_password_of_an_address(before: str, password: str, after: str) -> None:
    text = f"{before} postgresql://u:{password}@host/db {after.replace('@', '')}"

    assert f":{password}@" not in visible(text)
    assert f":{password}@" not in json_text({"a": [text]})


@given(TEXTS)
def test_masking_twice_is_masking_once(text: str) -> None:
    assert redact(redact(text)) == redact(text)


def test_values_of_secret_variables_are_masked_in_every_form() -> None:
    environ = {
        "PACT_BROKER_TOKEN": "sesame-1",
        "PACT_BROKER_USERNAME": "ada",
        "PACT_BROKER_PASSWORD": "p w",
        "PACT_BROKER_BASE_URL": "https://bob:w%40nder@host",
        "HOME": "/home/ada",
    }
    told = "sesame-1 'p w' p%20w YWRhOnAgdw== w@nder w%40nder Ym9iOndAbmRlcg== /home/ada"

    assert redact(told, secret_values(environ)) == "*** '***' *** *** *** *** *** /home/ada"


def test_a_long_text_of_addresses_takes_no_time() -> None:
    assert redact("://a:b" * 20_000) == "://a:b" * 20_000
    assert redact("a" * 200_000 + "://") == "a" * 200_000 + "://"


def test_a_secret_that_was_kept_is_shown_nowhere() -> None:
    keep_secret({"kept-Zq81"})

    assert visible("it is kept-Zq81!") == "it is ***!"
    assert "Zq81" not in json_text({"log": ["kept-Zq81"]})


def test_a_secret_of_several_lines_is_shown_by_none_of_them() -> None:
    keep_secret({"-----BEGIN KEY-----\nMIIkept-Yw72\nab\n-----END KEY-----"})

    assert visible("MIIkept-Yw72") == "***"
    assert visible("ab -----BEGIN KEY-----") == "ab -----BEGIN KEY-----"


def test_a_word_is_no_secret_that_could_be_hidden() -> None:
    keep_secret({"seventy"})

    assert visible("seventy times") == "seventy times"
