"""What a configuration says of contracts: who records them, and what a broker is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from servanda.configuration import BrokerSettings, Configuration, RecordCommand, load
from servanda.errors import ConfigurationError


def configured(folder: Path, text: str) -> Configuration:
    path = folder / "servanda.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_one_command_records_every_consumer(tmp_path: Path) -> None:
    found = configured(tmp_path, '[contracts]\nrecord = ["pytest", "-q"]\n[pacticipants.web]')

    assert found.contracts.record == (RecordCommand("", ("pytest", "-q")),)
    assert not found.is_external("web")


def test_a_consumer_that_is_no_configured_party_is_external(tmp_path: Path) -> None:
    assert configured(tmp_path, '[contracts]\nrecord = ["pytest", "-q"]').is_external("partner")


def test_of_several_commands_each_records_the_consumers_that_it_names(tmp_path: Path) -> None:
    found = configured(
        tmp_path,
        '[contracts.record.python]\ncommand = ["pytest"]\nconsumers = ["web"]\n'
        '[contracts.record.node]\ncommand = ["npm", "test"]\nconsumers = ["mobile"]\n',
    )

    assert found.contracts.record == (
        RecordCommand("python", ("pytest",), ("web",)),
        RecordCommand("node", ("npm", "test"), ("mobile",)),
    )
    assert [found.is_external(name) for name in ("web", "mobile", "partner")] == [False, False, True]


@pytest.mark.parametrize("text", ["", "[contracts]\nrecord = []"])
def test_without_a_command_nobody_is_external(tmp_path: Path, text: str) -> None:
    assert not configured(tmp_path, text).is_external("web")


def test_a_broker_is_asked_with_selectors(tmp_path: Path) -> None:
    found = configured(
        tmp_path,
        '[contracts.broker]\nurl = "https://broker"\npending = false\nwip_since = "2026-01-31"\n'
        'selectors = [{ mainBranch = true }, { consumer = "web", branch = "x" }]',
    ).contracts.broker

    assert found == BrokerSettings(
        "https://broker",
        ({"mainBranch": True}, {"consumer": "web", "branch": "x"}),
        pending=False,
        wip_since="2026-01-31",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[contracts.record.a]\ncommand = ["x"]', "'consumers' is missing"),
        ('[contracts.record.a]\nconsumers = ["x"]', "'command' is missing"),
        ('[contracts]\nrecord = "pytest"', "expected a table, found the string"),
        (
            '[contracts.record]\na = { command = ["x"], consumers = ["w"] }\nb = {command = ["y"], consumers = ["w"]}',
            "'w' is recorded by two commands, 'a' and 'b'",
        ),
        ('[contracts.broker]\nwip_since = "yesterday"', "'yesterday' is not a day"),
        ("[contracts.broker]\nselectors = [{}]", "a selector that selects nothing"),
        ("[contracts.broker]\nselectors = [{ mainBranches = true }]", "unknown key 'mainBranches'"),
        ('[contracts.broker]\nselectors = [{ mainBranch = "main" }]', "expected true or false"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        configured(tmp_path, text)

    assert message in str(raised.value)
    assert "servanda.toml:" in str(raised.value)
