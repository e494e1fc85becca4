"""What differs between reviewed and recorded contracts."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from servanda.errors import ContractError
from servanda.gate.drift import drift
from servanda.verdict import Reason


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    reviewed, recorded = tmp_path / "reviewed", tmp_path / "recorded"
    reviewed.mkdir()
    recorded.mkdir()
    return reviewed, recorded


def interaction(description: str, status: int = 200) -> dict[str, object]:
    return {"description": description, "response": {"status": status}}


def write(folder: Path, *interactions: Mapping[str, object], version: str = "4.0") -> None:
    document = {"interactions": interactions, "metadata": {"pactSpecification": {"version": version}}}
    (folder / "a-b.json").write_text(json.dumps(document, indent=2), encoding="utf-8")


def told(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.message for reason in reasons]


def test_equal_contracts_have_no_drift(folders: tuple[Path, Path]) -> None:
    for folder in folders:
        write(folder, interaction("x"))

    assert drift(*folders).reasons == ()


def test_a_changed_interaction_is_told_with_its_first_difference(folders: tuple[Path, Path]) -> None:
    reviewed, recorded = folders
    write(reviewed, interaction("x"), interaction("y"))
    write(recorded, interaction("x"), interaction("y", status=201))

    (reason,) = drift(reviewed, recorded).reasons

    assert reason.message == "the recorded interaction 'y' differs from the reviewed one"
    assert (reason.path, reason.expected, reason.actual) == ("$.response.status", "200", "201")


def test_a_changed_interaction_is_told_at_its_line(folders: tuple[Path, Path]) -> None:
    reviewed, recorded = folders
    write(reviewed, interaction("x"), interaction("y"))
    write(recorded, interaction("x"), interaction("y", status=201))

    (reason,) = drift(reviewed, recorded).reasons

    assert reason.evidence is not None
    line = (reviewed / "a-b.json").read_text(encoding="utf-8").splitlines()[reason.evidence.line - 1]
    assert line.strip() == '"description": "y",'


def test_a_new_interaction_was_not_reviewed(folders: tuple[Path, Path]) -> None:
    reviewed, recorded = folders
    write(reviewed, interaction("x"))
    write(recorded, interaction("x"), interaction("y"))

    assert told(drift(reviewed, recorded).reasons) == ["new interaction 'y', not reviewed yet"]


def test_an_interaction_that_nobody_records_any_more_is_told(folders: tuple[Path, Path]) -> None:
    reviewed, recorded = folders
    write(reviewed, interaction("x"), interaction("y"))
    write(recorded, interaction("x"))

    assert told(drift(reviewed, recorded).reasons) == ["no test records the interaction 'y' any longer"]


def test_a_new_contract_was_not_reviewed(folders: tuple[Path, Path]) -> None:
    write(folders[1], interaction("x"))

    assert told(drift(*folders).reasons) == ["new contract, not reviewed yet"]


def test_a_contract_that_nobody_records_any_more_is_told(folders: tuple[Path, Path]) -> None:
    write(folders[0], interaction("x"))

    assert told(drift(*folders).reasons) == ["no test records this contract any longer"]


def test_a_difference_outside_the_interactions_is_told_too(folders: tuple[Path, Path]) -> None:
    reviewed, recorded = folders
    write(reviewed, interaction("x"))
    write(recorded, interaction("x"), version="4.1")

    (reason,) = drift(reviewed, recorded).reasons

    assert (reason.path, reason.expected, reason.actual) == ("$.metadata.pactSpecification.version", '"4.0"', '"4.1"')


def test_a_removed_member_is_expected_and_not_there(folders: tuple[Path, Path]) -> None:
    reviewed, recorded = folders
    write(reviewed, {"description": "x", "pending": True})
    write(recorded, {"description": "x"})

    (reason,) = drift(reviewed, recorded).reasons

    assert (reason.path, reason.expected, reason.actual) == ("$.pending", "true", None)


def test_a_reviewed_contract_that_is_no_json_is_an_error(folders: tuple[Path, Path]) -> None:
    reviewed, recorded = folders
    (reviewed / "a-b.json").write_text("{", encoding="utf-8")
    write(recorded, interaction("x"))

    with pytest.raises(ContractError, match="invalid JSON"):
        drift(reviewed, recorded)


def of(folder: Path, consumer: str, name: str, *interactions: Mapping[str, object]) -> None:
    document = {"consumer": {"name": consumer}, "provider": {"name": "shop"}, "interactions": interactions}
    (folder / name).write_text(json.dumps(document), encoding="utf-8")


def test_a_contract_is_known_by_its_parties_whatever_its_file_is_called(folders: tuple[Path, Path]) -> None:
    reviewed, recorded = folders
    of(reviewed, "web", "web--shop.json", interaction("x"))
    of(recorded, "web", "web-shop.json", interaction("x"))

    assert drift(reviewed, recorded).reasons == ()


def test_several_contracts_of_two_parties_are_all_compared(folders: tuple[Path, Path]) -> None:
    reviewed, recorded = folders
    (reviewed / "a").mkdir()
    of(reviewed, "web", "a/web-shop.json", interaction("x"))
    of(reviewed, "web", "web-shop.json", interaction("y"))
    of(recorded, "web", "web-shop.json", interaction("y"))

    (reason,) = drift(reviewed, recorded).reasons

    assert str(reason.evidence) == str(reviewed / "a/web-shop.json")
    assert reason.message == "no test records this contract any longer"


def test_a_consumer_that_is_recorded_elsewhere_is_passed_over_and_told(folders: tuple[Path, Path]) -> None:
    reviewed, recorded = folders
    of(reviewed, "mobile", "mobile-shop.json", interaction("x"))
    of(reviewed, "web", "web-shop.json", interaction("x"))

    found = drift(reviewed, recorded, lambda consumer: consumer == "mobile")

    assert told(found.reasons) == ["no test records this contract any longer"]
    assert found.external == (("mobile", reviewed / "mobile-shop.json"),)


def test_the_same_words_in_two_provider_states_are_two_interactions(folders: tuple[Path, Path]) -> None:
    reviewed, recorded = folders
    one = {**interaction("x"), "providerStates": [{"name": "one"}]}
    other = {**interaction("x"), "providerStates": [{"name": "two"}]}
    of(reviewed, "web", "web-shop.json", one)
    of(recorded, "web", "web-shop.json", one, other)

    assert told(drift(reviewed, recorded).reasons) == [
        'new interaction \'x\' in the provider states [{"name": "two"}], not reviewed yet'
    ]
