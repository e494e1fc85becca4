import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from platformkit.context import Context, Trace, entered
from platformkit.telemetry import configure_logging, get_logger


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield io.StringIO()
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


def _lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_when_who_and_what(stream: io.StringIO) -> None:
    configure_logging("identity", "info", stream)
    get_logger("store").info("row written", table="users")
    (line,) = _lines(stream)
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info",
        "service": "identity",
        "logger": "store",
        "event": "row written",
        "table": "users",
    }


def test_a_line_carries_the_ids_of_the_request_and_of_its_trace(stream: io.StringIO) -> None:
    configure_logging("identity", "info", stream)
    with entered(Context("r-1", trace=Trace(f"00-{'a' * 32}-{'b' * 16}-01"))):
        get_logger("store").info("row written")
    get_logger("store").info("idle")
    found = [(line.get("request_id"), line.get("trace_id"), line.get("span_id")) for line in _lines(stream)]
    assert found == [("r-1", "a" * 32, "b" * 16), (None, None, None)]


def test_lines_of_libraries_have_the_same_shape(stream: io.StringIO) -> None:
    configure_logging("identity", "info", stream)
    logging.getLogger("a.library").warning("odd %s", "request")
    (line,) = _lines(stream)
    assert (line["service"], line["logger"], line["level"], line["event"]) == (
        "identity",
        "a.library",
        "warning",
        "odd request",
    )


def test_a_traceback_stays_within_its_line(stream: io.StringIO) -> None:
    configure_logging("identity", "info", stream)
    try:
        raise ValueError("broken")
    except ValueError as error:
        get_logger("store").error("failed", exc_info=error)
    (line,) = _lines(stream)
    assert "ValueError: broken" in line["exception"]


def test_what_is_below_the_level_is_not_written(stream: io.StringIO) -> None:
    configure_logging("identity", "WARNING", stream)
    get_logger("store").info("row written")
    assert _lines(stream) == []


def test_an_unknown_level_is_refused(stream: io.StringIO) -> None:
    with pytest.raises(ValueError, match="no such log level: 'loud'"):
        configure_logging("identity", "loud", stream)
