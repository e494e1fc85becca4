import pytest

from platformkit.lifecycle import Settings, StartError


def test_what_the_environment_does_not_say_has_a_default() -> None:
    settings = Settings.from_environ("identity", {"HTTP_PORT": "8080"})
    assert (settings.host, settings.http_port, settings.grpc_port) == ("127.0.0.1", 8080, None)
    assert (settings.namespace, settings.log_level, settings.drain_seconds) == ("", "info", 10.0)


def test_an_empty_grpc_port_means_no_grpc() -> None:
    assert Settings.from_environ("identity", {"GRPC_PORT": ""}).grpc_port is None


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        pytest.param("GRPC_PORT", "0", "expected a port from 1 to 65535, found '0'", id="port zero"),
        pytest.param("HTTP_PORT", "http", "expected a port from 1 to 65535, found 'http'", id="port by name"),
        pytest.param("HTTP_PORT", "65536", "expected a port from 1 to 65535, found '65536'", id="port too large"),
        pytest.param("HTTP_PORT", "²", "expected a port from 1 to 65535, found '²'", id="digit that is no number"),
        pytest.param("DRAIN_SECONDS", "-1", "expected a number of seconds, found '-1'", id="negative time"),
        pytest.param("DRAIN_SECONDS", "nan", "expected a number of seconds, found 'nan'", id="no time"),
        pytest.param("DRAIN_SECONDS", "soon", "expected a number of seconds, found 'soon'", id="time in words"),
        pytest.param("LOG_LEVEL", "loud", "expected one of debug, info", id="unknown level"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_its_name(key: str, value: str, complaint: str) -> None:
    with pytest.raises(StartError, match=f"^{key}: {complaint}"):
        Settings.from_environ("identity", {key: value})


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("", (30.0, 300.0)), ("none", ()), ("10s", (10.0,)), ("1s, 2.5m,3h", (1.0, 150.0, 10800.0))],
)
def test_delays_are_given_with_their_units(text: str, seconds: tuple[float, ...]) -> None:
    assert Settings.from_environ("audit", {"EVENT_RETRY_DELAYS": text}).event_retry_delays == seconds


@pytest.mark.parametrize("text", ["30", "s", "-1s", "30s,", "30s;5m", "1d", "²s", "none,5m"])
def test_delays_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(StartError, match=r"^EVENT_RETRY_DELAYS: expected delays such as 30s,5m, or none"):
        _ = Settings.from_environ("audit", {"EVENT_RETRY_DELAYS": text}).event_retry_delays


@pytest.mark.parametrize(
    "name", ["postgres_dsn", "postgres_admin_dsn", "redis_url", "kafka_bootstrap_servers", "page_token_secret"]
)
def test_what_only_some_services_need_is_missed_by_those_alone(name: str) -> None:
    settings = Settings.from_environ("identity", {})
    with pytest.raises(StartError, match=f"identity needs {name.upper()}, which is not set"):
        getattr(settings, name)


@pytest.mark.parametrize(("text", "required"), [("required", True), ("off", False)])
def test_whether_callers_prove_who_they_are_is_decided(text: str, required: bool) -> None:
    assert Settings.from_environ("audit", {"INTERNAL_TOKENS": text}).internal_tokens_required is required


@pytest.mark.parametrize(
    ("environ", "complaint"),
    [
        pytest.param({}, "and it is not set; set it to required", id="absent"),
        pytest.param({"INTERNAL_TOKENS": "no"}, "found 'no'; set it to required", id="another word"),
    ],
)
def test_whether_callers_prove_who_they_are_is_never_assumed(environ: dict[str, str], complaint: str) -> None:
    with pytest.raises(StartError, match=f"^INTERNAL_TOKENS: expected required or off, {complaint}"):
        _ = Settings.from_environ("audit", environ).internal_tokens_required


def test_an_address_of_something_else_is_refused_without_showing_it() -> None:
    settings = Settings.from_environ("identity", {"POSTGRES_DSN": "mysql://root:hunter2@db/plt"})
    with pytest.raises(StartError, match="POSTGRES_DSN: expected an address that starts with postgresql://") as caught:
        _ = settings.postgres_dsn
    assert "hunter2" not in str(caught.value)
