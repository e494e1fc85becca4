from __future__ import annotations

from pathlib import Path

import pytest

from servanda.configuration import Secrets
from servanda.errors import ConfigurationError
from servanda.supervision import Placeholders


def test_a_placeholder_is_replaced_by_its_value() -> None:
    assert Placeholders({"port.http": "8080"}).fill("http://h:{port.http}/x", "here") == "http://h:8080/x"


def test_braces_that_hold_no_name_stay() -> None:
    assert Placeholders({}).fill('{"a": {"b": 1}} {} { x }', "here") == '{"a": {"b": 1}} {} { x }'


def test_an_unknown_placeholder_is_refused_with_the_place_and_the_known_ones() -> None:
    with pytest.raises(ConfigurationError) as raised:
        Placeholders({"redis.url": "r", "namespace": "n"}).fill("{redis.uri}", "services.a.command")
    assert str(raised.value) == (
        "services.a.command: unknown placeholder '{redis.uri}'\nhint: known: namespace, redis.url"
    )


def test_an_environment_is_refused_by_the_name_of_its_variable() -> None:
    with pytest.raises(ConfigurationError, match=r"services\.a\.environment\.REDIS_URL"):
        Placeholders({}).fill_values({"REDIS_URL": "{redis.url}"}, "services.a.environment")


def test_what_a_secret_holds_is_no_placeholder() -> None:
    secrets = Secrets(Path(), {"DSN": "{redis.url}", "HOME": "{env.DSN}"})

    filled = Placeholders({"redis.url": "{env.DSN}"}).fill("{env.DSN} {env.HOME} {redis.url}", "here", secrets)

    assert filled == "{redis.url} {env.DSN} {env.DSN}"


def test_where_no_secret_may_stand_its_name_is_no_placeholder() -> None:
    assert Placeholders({}).fill("{env.HOME}", "here") == "{env.HOME}"
