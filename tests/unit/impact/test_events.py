"""Contracts about events in JSON: everybody who has one is a consumer."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from servanda.cli import main

OPTION = """syntax = "proto3";
package shop.event.v1;
import "google/protobuf/descriptor.proto";
message Event { string topic = 1; string key = 2; repeated string headers = 3; int32 retention_hours = 4; }
extend google.protobuf.MessageOptions { Event event = 50001; }
"""
SHOP = """syntax = "proto3";
package shop.v1;
import "event.proto";
enum Tier { TIER_UNSPECIFIED = 0; TIER_CHILD = 1; }
message Member { string member_id = 1; string name = 2; Tier tier = 3; }
message MemberJoined {
  option (shop.event.v1.event) = { topic: "members", key: "member.member_id", headers: ["ce_type", "ce_requestid"] };
  Member member = 1;
}
message MemberLeft {
  option (shop.event.v1.event) = { topic: "members", key: "member_id", headers: ["ce_type", "ce_requestid"] };
  string member_id = 1;
  string cause = 2;
}
"""
CONFIGURATION = '[events]\noption = "shop.event.v1.event"\n'
JOINED = {"member": {"memberId": "m1", "name": "Kim", "tier": "TIER_CHILD"}}
TYPED = {"topic": "members", "ce_type": "shop.v1.MemberJoined"}

Told = Callable[..., dict[str, Any]]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERVANDA_CACHE", str(tmp_path / "cache"))
    write(tmp_path / "servanda.toml", CONFIGURATION)
    for state in ("previous", "proto"):
        write(tmp_path / state / "event.proto", OPTION)
        write(tmp_path / state / "shop.proto", SHOP)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def contract(
    repository: Path, consumer: str, metadata: dict[str, str], content: object = JOINED, version: int = 4
) -> None:
    """A contract about one event, in the third or the fourth version of the format."""
    body = {"content": content, "contentType": "application/json", "encoded": False}
    event: dict[str, object] = {"description": "an event", "metadata": metadata}
    if version == 4:
        entries = {"interactions": [event | {"type": "Asynchronous/Messages", "contents": body}]}
    else:
        entries = {"messages": [event | {"contents": content}]}
    document = {"consumer": {"name": consumer}, "provider": {"name": "shop"}, **entries}
    document["metadata"] = {"pactSpecification": {"version": f"{version}.0.0"}}
    write(repository / "contracts" / "pacts" / f"{consumer}-shop.json", json.dumps(document))


@pytest.fixture
def told(repository: Path) -> Told:
    """Impact of what a rule finds on each consumer after an edit of the shop."""

    def examine(rule: str, before: str, after: str) -> dict[str, Any]:
        assert before in SHOP
        write(repository / "proto" / "shop.proto", SHOP.replace(before, after))
        ran = CliRunner().invoke(main, ["check", "proto", "--against", "previous", "--format", "json"])
        assert ran.exit_code in (0, 1), ran.output
        [found, *_] = [each for each in json.loads(ran.stdout)["findings"] if each["rule"] == rule]
        return {hit["name"]: hit for hit in found["consumers"]}

    return examine


DELETED = ("FIELD_NO_DELETE", "string name = 2;", 'reserved 2; reserved "name";')


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param(TYPED, id="type and topic"),
        pytest.param({"ce_type": "shop.v1.MemberJoined"}, id="type alone"),
        pytest.param({"contentType": 'application/json;message=".shop.v1.MemberJoined"'}, id="media type"),
        pytest.param({"topic": "members"}, id="topic and content"),
    ],
)
def test_a_consumer_of_json_events_is_known_by_its_contract(
    repository: Path, told: Told, metadata: dict[str, str], version: int
) -> None:
    contract(repository, "mailer", metadata, version=version)

    assert told(*DELETED)["mailer"]["impact"] == "broken"


def test_the_configuration_names_the_message_of_an_event(repository: Path, told: Told) -> None:
    write(repository / "servanda.toml", f'{CONFIGURATION}messages = {{ "joined.v1" = "shop.v1.MemberJoined" }}\n')
    contract(repository, "mailer", {"topic": "joined.v1"})

    assert told(*DELETED)["mailer"]["impact"] == "broken"


@pytest.mark.parametrize(
    ("metadata", "content", "reason"),
    [
        ({"topic": "elsewhere"}, JOINED, "no event is declared on topic 'elsewhere'"),
        ({}, JOINED, "there is no topic"),
        ({"topic": "members"}, {}, "the topic 'members' has 2 events"),
    ],
)
def test_an_event_that_nobody_can_map_leaves_its_consumer_unknown_with_the_reason(
    repository: Path, told: Told, metadata: dict[str, str], content: object, reason: str
) -> None:
    contract(repository, "mailer", metadata, content)

    hit = told(*DELETED)["mailer"]

    assert hit["impact"] == "unknown"
    assert reason in hit["reason"]


def test_an_observation_does_not_outweigh_an_event_that_nobody_can_map(repository: Path, told: Told) -> None:
    contract(repository, "mailer", {"topic": "elsewhere"})
    reads = [{"element": "shop.v1.MemberLeft", "transport": "kafka", "test": "test_it.py::test"}]
    log = {"format": 1, "consumer": "mailer", "version": "1", "date": "2026-11-01", "reads": reads, "writes": []}
    write(repository / "contracts" / "usage" / "mailer.json", json.dumps(log))

    assert told(*DELETED)["mailer"]["impact"] == "unknown"


def test_a_name_in_json_is_a_value(repository: Path, told: Told) -> None:
    contract(repository, "mailer", TYPED)

    assert told("ENUM_VALUE_SAME_NAME", "TIER_CHILD", "TIER_YOUNG")["mailer"]["impact"] == "broken"


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("EVENT_SAME_TOPIC", 'topic: "members", key: "member.member_id"', 'topic: "people", key: "member.member_id"'),
        ("EVENT_TYPE_NO_DELETE", "message MemberJoined", "message Joined"),
    ],
)
def test_an_event_that_is_gone_or_elsewhere_breaks_its_consumer(
    repository: Path, told: Told, rule: str, before: str, after: str
) -> None:
    contract(repository, "mailer", TYPED)

    assert told(rule, before, after)["mailer"]["impact"] == "broken"


KEY = ("EVENT_SAME_KEY", 'key: "member.member_id"', 'key: "member.name"')
HEADER = (
    "EVENT_HEADER_NO_DELETE",
    'key: "member.member_id", headers: ["ce_type", "ce_requestid"]',
    'key: "member.member_id", headers: ["ce_type"]',
)


@pytest.mark.parametrize(("edit", "part"), [(KEY, {"key": "m1"}), (HEADER, {"ce_requestid": "r1"})])
def test_a_part_of_an_event_breaks_those_who_expect_it(
    repository: Path, told: Told, edit: tuple[str, str, str], part: dict[str, str]
) -> None:
    contract(repository, "expects", TYPED | part)
    contract(repository, "other", TYPED)

    hits = told(*edit)

    assert (hits["expects"]["impact"], hits["other"]["impact"]) == ("broken", "potentially-affected")


def test_json_sees_no_numbers_whoever_tells_of_it(repository: Path, told: Told) -> None:
    contract(repository, "mailer", TYPED)
    reads = [{"element": "shop.v1.Member.name", "transport": "kafka", "test": "test_it.py::test"}]
    log = {"format": 1, "consumer": "mailer", "version": "1", "date": "2026-11-01", "reads": reads, "writes": []}
    write(repository / "contracts" / "usage" / "mailer.json", json.dumps(log))

    hit = told("FIELD_NO_DELETE", "string name = 2;", "string name = 9;")["mailer"]

    assert (hit["impact"], hit["source_only"]) == ("potentially-affected", True)


def test_an_attribute_of_cloudevents_has_its_prefix_in_the_record_only(repository: Path, told: Told) -> None:
    contract(repository, "mailer", TYPED | {"ce_tenant": "a"})
    declared = ('key: "member.member_id", headers: [', 'key: "member.member_id", headers: ["tenant", ')
    write(repository / "previous" / "shop.proto", SHOP.replace(*declared))

    assert told("EVENT_HEADER_NO_DELETE", "string cause = 2;", "string cause = 2; ")["mailer"]["impact"] == "broken"
