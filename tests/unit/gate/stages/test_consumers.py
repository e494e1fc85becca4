"""The second stage."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.configuration import Configuration
from servanda.gate.stages.consumers import Consumers
from servanda.verdict import Outcome, ReasonKind

Repository = Callable[[str], Configuration]
RECORDS = """
[contracts]
record = ["{python}", "record.py"]
"""


def record(repository: Repository, code: str, reviewed: object = None) -> Consumers:
    configuration = repository(RECORDS)
    (configuration.root / "record.py").write_text(
        f"import json, os, pathlib\nfolder = pathlib.Path(os.environ['SERVANDA_PACT_DIR'])\n{code}\n", encoding="utf-8"
    )
    if reviewed is not None:
        configuration.contracts.pacts.mkdir(parents=True)
        (configuration.contracts.pacts / "a-b.json").write_text(json.dumps(reviewed), encoding="utf-8")
    return Consumers(configuration, os.environ)


def writes(document: object) -> str:
    return f"(folder / 'a-b.json').write_text({json.dumps(document)!r})"


async def test_what_was_reviewed_and_is_recorded_again_holds(repository: Repository) -> None:
    document = {"interactions": [{"description": "x"}]}

    assert (await record(repository, writes(document), document).examine()).outcome is Outcome.HELD


async def test_drift_is_broken_and_says_how_to_accept_it(repository: Repository) -> None:
    result = await record(repository, writes({"interactions": [{"description": "x"}]}), {"interactions": []}).examine()

    (reason,) = result.reasons
    assert result.outcome is Outcome.BROKEN
    assert "new interaction 'x'" in reason.message
    assert "accept them: " in reason.message
    assert "record.py (--pact-prune" in reason.message


async def test_a_difference_is_told_from_the_root_of_the_repository(repository: Repository) -> None:
    result = await record(repository, writes({"interactions": [{"description": "x"}]}), {"interactions": []}).examine()

    assert [str(reason.evidence) for reason in result.reasons] == ["contracts/pacts/a-b.json"]


async def test_the_reviewed_contracts_are_left_as_they_are(repository: Repository, tmp_path: Path) -> None:
    await record(repository, writes({"interactions": [{"description": "x"}]}), {"interactions": []}).examine()

    assert json.loads((tmp_path / "contracts/pacts/a-b.json").read_text(encoding="utf-8")) == {"interactions": []}


async def test_a_failing_consumer_test_is_broken(repository: Repository) -> None:
    result = await record(repository, "raise SystemExit('the price differs')").examine()

    assert result.outcome is Outcome.BROKEN
    assert "the price differs" in result.reasons[0].message


async def test_tests_that_record_nothing_prove_nothing(repository: Repository) -> None:
    result = await record(repository, "").examine()

    assert result.outcome is Outcome.UNKNOWN
    assert "recorded no contract" in result.reasons[0].message


async def test_nothing_is_told_to_third_parties(repository: Repository) -> None:
    code = "assert os.environ['PACT_DO_NOT_TRACK'] == 'true'\n" + writes({})

    assert (await record(repository, code, {}).examine()).outcome is Outcome.HELD


async def test_a_repository_without_consumers_skips_the_stage_and_says_so(repository: Repository) -> None:
    result = await Consumers(repository(""), os.environ).examine()

    assert result.outcome is Outcome.SKIPPED
    assert "no 'record' command is configured" in result.reasons[0].message


async def test_a_usage_log_that_was_not_reviewed_is_broken(repository: Repository) -> None:
    log = {"format": 1, "consumer": "a", "version": "", "date": "2026-11-01", "reads": [], "writes": []}
    code = f"""{writes({})}
usage = pathlib.Path(os.environ['SERVANDA_USAGE_DIR'])
(usage / 'a.json').write_text({json.dumps(log)!r})"""

    result = await record(repository, code, {}).examine()

    assert result.outcome is Outcome.BROKEN
    assert [str(reason.evidence) for reason in result.reasons] == ["contracts/usage/a.json"]


@pytest.fixture
def tracked(tmp_path: Path) -> None:
    """Makes the repository one of git."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)


@pytest.mark.usefixtures("tracked")
async def test_tests_that_change_files_of_the_repository_are_told(repository: Repository) -> None:
    code = f"pathlib.Path('left-behind').touch()\n{writes({})}"

    result = await record(repository, code, {}).examine()

    assert result.outcome is Outcome.HELD
    assert "left-behind" in result.reasons[0].message


SEVERAL = """
[contracts.record.python]
command = ["{python}", "web.py"]
consumers = ["web"]
[contracts.record.node]
command = ["{python}", "mobile.py"]
consumers = ["mobile"]
"""


def several(
    repository: Repository, *reviewed: str, mobile: str = "mobile", parties: str = "[pacticipants.partner]"
) -> Consumers:
    """Two commands, and the consumers whose contracts were reviewed."""
    configuration = repository(SEVERAL + parties)
    for name, recorded in (("web", "web"), ("mobile", mobile)):
        code = "folder = pathlib.Path(os.environ['SERVANDA_PACT_DIR'])\n"
        code += f"(folder / '{recorded}-shop.json').write_text({of(recorded)!r})" if recorded else "raise SystemExit(1)"
        (configuration.root / f"{name}.py").write_text(f"import os, pathlib\n{code}\n", encoding="utf-8")
    configuration.contracts.pacts.mkdir(parents=True)
    for consumer in reviewed:
        (configuration.contracts.pacts / f"{consumer}-shop.json").write_text(of(consumer), encoding="utf-8")
    return Consumers(configuration, os.environ)


def of(consumer: str) -> str:
    return json.dumps({"consumer": {"name": consumer}, "provider": {"name": "shop"}, "interactions": []})


async def test_several_commands_record_their_consumers(repository: Repository) -> None:
    result = await several(repository, "web", "mobile").examine()

    assert (result.outcome, result.reasons) == (Outcome.HELD, ())


async def test_a_consumer_that_no_command_records_is_external(repository: Repository) -> None:
    result = await several(repository, "web", "mobile", "partner").examine()

    (reason,) = result.reasons
    assert result.outcome is Outcome.HELD
    assert reason.kind is ReasonKind.EXTERNAL
    assert reason.message == "the consumer 'partner' is external: no command here records its contracts"
    assert str(reason.evidence) == "contracts/pacts/partner-shop.json"


async def test_an_external_consumer_whose_name_is_almost_that_of_a_party_is_told(repository: Repository) -> None:
    result = await several(repository, "web", "mobile", "web2", parties="[pacticipants.web]").examine()

    (reason,) = result.reasons
    assert reason.message.endswith(", and it is not in [pacticipants]; the closest: 'web'")


async def test_a_command_that_fails_is_named(repository: Repository) -> None:
    result = await several(repository, "web", "mobile", mobile="").examine()

    (reason,) = result.reasons
    assert result.outcome is Outcome.BROKEN
    assert reason.message.startswith("node: ")


async def test_a_contract_of_a_named_consumer_that_is_not_recorded_is_drift(repository: Repository) -> None:
    result = await several(repository, "web", "mobile", mobile="other").examine()

    assert result.outcome is Outcome.BROKEN
    assert [str(reason.evidence) for reason in result.reasons] == [
        "contracts/pacts/mobile-shop.json",
        "contracts/pacts/other-shop.json",
    ]
