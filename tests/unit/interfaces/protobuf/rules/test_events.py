"""What consumers of events notice, with an option that a repository defines itself."""

import pytest

from bench.compatibility.agreement import compiled
from servanda.interfaces.protobuf.comparison import compare
from servanda.interfaces.protobuf.rules.subject import Conventions
from servanda.interfaces.protobuf.rules.table import BEYOND_BUF
from servanda.interfaces.protobuf.schema import File, State

OPTION = """syntax = "proto3";
package shop.event;
import "google/protobuf/descriptor.proto";
message Event { string topic = 1; %s }
extend google.protobuf.MessageOptions { Event event = 50100; }
"""
WHOLE = OPTION % "string key = 2; repeated string headers = 3; int32 retention_hours = 4;"
EVENT = 'syntax = "proto3";\nimport "option.proto";\nmessage Placed { option (shop.event.event) = {topic: "t" %s}; }\n'


def state(text: str, option: str) -> State:
    image = compiled({"option.proto": option, "shop.proto": text})
    assert image is not None
    return State(File(file.SerializeToString()) for file in image.file)


def found(before: str, after: str, option: str = WHOLE, name: str = "shop.event.event") -> set[str]:
    conventions = Conventions(event_option=name)
    breaches = compare(state(before, option), state(after, option), BEYOND_BUF, conventions)
    return {breach.rule.id for breach in breaches}


@pytest.mark.parametrize(
    ("before", "after", "shortened"),
    [
        pytest.param("retention_hours: 48", "retention_hours: 24", True, id="shorter"),
        pytest.param("retention_hours: 24", "retention_hours: 48", False, id="longer"),
        pytest.param("retention_hours: 24", "", True, id="left to the broker"),
        pytest.param("", "retention_hours: 24", True, id="instead of the broker's, which may be longer"),
    ],
)
def test_records_stay_as_long_as_before(before: str, after: str, shortened: bool) -> None:
    assert found(EVENT % before, EVENT % after) == ({"EVENT_RETENTION_NO_SHORTEN"} if shortened else set())


def test_headers_are_compared_by_name() -> None:
    before, after = EVENT % 'headers: ["a", "b"]', EVENT % 'headers: ["b", "c"]'

    assert found(before, after) == {"EVENT_HEADER_NO_DELETE", "EVENT_HEADER_NO_ADD"}


def test_an_option_need_not_have_every_part() -> None:
    before, after = EVENT % "", (EVENT % "").replace('"t"', '"u"')

    assert found(before, after, OPTION % "") == {"EVENT_SAME_TOPIC"}


def test_without_a_convention_there_are_no_events() -> None:
    assert found(EVENT % 'key: "a"', EVENT % 'key: "b"', name="") == set()


def test_consumers_read_events() -> None:
    enum = "enum Size {{ SIZE_UNSPECIFIED = 0; {} }}\n"
    event = (EVENT % "").replace("; }", "; Size size = 1; }")

    rules = found(event + enum.format(""), event + enum.format("SIZE_LARGE = 1;"))

    assert rules == {"DIRECTION_ENUM_VALUE_NO_ADD_IF_READ"}
