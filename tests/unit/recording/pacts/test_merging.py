"""From the contracts of single tests to the documents of a run."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servanda.errors import ContractError, RecordingError
from servanda.recording.pacts.merging import merge

Record = Callable[..., None]


def interaction(description: str, test: str = "t.py::test", status: int = 204, **more: Any) -> dict[str, Any]:
    return {
        "type": "Synchronous/HTTP",
        "description": description,
        "comments": {"testname": test},
        "request": {"method": "GET", "path": "/"},
        "response": {"status": status},
        **more,
    }


def with_descriptors(description: str, key: str) -> dict[str, Any]:
    return interaction(description, pluginConfiguration={"protobuf": {"descriptorKey": key}})


def write(scratch: Path, number: int, *interactions: dict[str, Any], keys: tuple[str, ...] = ()) -> None:
    configuration = {key: {"protoDescriptors": ""} for key in keys}
    document = {
        "consumer": {"name": "basket"},
        "provider": {"name": "shop"},
        "interactions": interactions,
        "metadata": {
            "pactRust": {"ffi": "0.5.12"},
            "pactSpecification": {"version": "4.0"},
            **({"plugins": [{"name": "protobuf", "version": "1", "configuration": configuration}]} if keys else {}),
        },
    }
    path = scratch / "process-1" / "pacts" / str(number) / "basket-shop.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(document))


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Write what one test of a run recorded; every call of ``run`` is a run of its own."""
    numbers = itertools.count()

    def record(run: str, *interactions: dict[str, Any], **options: Any) -> None:
        write(tmp_path / run, next(numbers), *interactions, **options)

    return record


def merged(tmp_path: Path, run: str, **options: bool) -> dict[str, Any]:
    merge(tmp_path / run, tmp_path / "pacts", **options)
    document: dict[str, Any] = json.loads((tmp_path / "pacts" / "basket-shop.json").read_text())
    return document


def descriptions(document: dict[str, Any]) -> list[str]:
    return [entry["description"] for entry in document["interactions"]]


@given(order=st.permutations(["a", "b", "c", "d"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
def test_the_order_of_tests_does_not_change_a_byte(tmp_path_factory: pytest.TempPathFactory, order: list[str]) -> None:
    folder = tmp_path_factory.mktemp("run")
    for number, description in enumerate(order):
        write(folder / "one", number, interaction(description))
    for number, description in enumerate(sorted(order)):
        write(folder / "other", number, interaction(description))

    for run in ("one", "other"):
        merge(folder / run, folder / f"{run}-pacts")

    one, other = ((folder / f"{run}-pacts" / "basket-shop.json").read_bytes() for run in ("one", "other"))
    assert one == other


def test_versions_of_tools_are_left_out(tmp_path: Path, record: Record) -> None:
    record("run", interaction("a"))

    assert merged(tmp_path, "run")["metadata"] == {"pactSpecification": {"version": "4.0"}}


def test_the_same_contract_from_two_tests_is_kept_once_with_the_first_test(tmp_path: Path, record: Record) -> None:
    record("run", interaction("a", test="t.py::test_z"))
    record("run", interaction("a", test="t.py::test_b"))

    (found,) = merged(tmp_path, "run")["interactions"]

    assert found["comments"] == {"testname": "t.py::test_b"}


def test_different_contracts_in_the_same_words_are_refused_and_nothing_is_written(
    tmp_path: Path, record: Record
) -> None:
    record("run", interaction("a", test="t.py::test_1", status=204))
    record("run", interaction("a", test="t.py::test_2", status=404))

    with pytest.raises(RecordingError, match=r"t\.py::test_1 and t\.py::test_2: two tests of basket describe 'a'"):
        merge(tmp_path / "run", tmp_path / "pacts")

    assert not (tmp_path / "pacts").exists()


def test_a_later_run_replaces_what_it_records_and_keeps_the_rest(tmp_path: Path, record: Record) -> None:
    record("first", interaction("a", test="1"), interaction("b", test="2"))
    record("second", interaction("a", test="1", status=404))
    merged(tmp_path, "first")

    document = merged(tmp_path, "second")

    assert descriptions(document) == ["a", "b"]
    assert document["interactions"][0]["response"] == {"status": 404}


def test_what_a_test_recorded_under_other_words_goes(tmp_path: Path, record: Record) -> None:
    record("first", interaction("a", test="1"), interaction("b", test="2"))
    record("second", interaction("new words for a", test="1"))
    merged(tmp_path, "first")

    assert descriptions(merged(tmp_path, "second")) == ["b", "new words for a"]


def test_pruning_keeps_only_what_the_run_recorded(tmp_path: Path, record: Record) -> None:
    record("first", interaction("a", test="1"), interaction("b", test="2"))
    record("second", interaction("a", test="1"))
    merged(tmp_path, "first")

    assert descriptions(merged(tmp_path, "second", prune=True)) == ["a"]


def test_only_descriptors_that_an_interaction_refers_to_are_kept(tmp_path: Path, record: Record) -> None:
    record("first", with_descriptors("a", "old"), keys=("old",))
    record("second", with_descriptors("a", "new"), keys=("new", "unused"))
    record("second", with_descriptors("b", "other"), keys=("other",))
    merge(tmp_path / "first", tmp_path / "pacts")

    (plugin,) = merged(tmp_path, "second")["metadata"]["plugins"]

    assert sorted(plugin["configuration"]) == ["new", "other"]


def test_a_document_that_cannot_be_read_is_not_overwritten(tmp_path: Path, record: Record) -> None:
    record("run", interaction("a"))
    (tmp_path / "pacts").mkdir()
    (tmp_path / "pacts" / "basket-shop.json").write_text("<<<<<<< HEAD")

    with pytest.raises(ContractError, match="invalid JSON"):
        merge(tmp_path / "run", tmp_path / "pacts")

    assert (tmp_path / "pacts" / "basket-shop.json").read_text() == "<<<<<<< HEAD"


def test_a_file_that_stays_the_same_is_told_so(tmp_path: Path, record: Record) -> None:
    record("first", interaction("a"))
    record("second", interaction("a"))

    (first,) = merge(tmp_path / "first", tmp_path / "pacts")
    (second,) = merge(tmp_path / "second", tmp_path / "pacts")

    assert (first.changed, second.changed, second.interactions) == (True, False, 1)
