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
from servanda.pact.file_names import folded
from servanda.recording.pacts.merging import merge
from servanda.recording.pacts.names import file_for, parties_of

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


def write(
    scratch: Path,
    number: int,
    *interactions: dict[str, Any],
    keys: tuple[str, ...] = (),
    parties: tuple[str, str] = ("basket", "shop"),
) -> None:
    consumer, provider = parties
    configuration = {key: {"protoDescriptors": ""} for key in keys}
    document = {
        "consumer": {"name": consumer},
        "provider": {"name": provider},
        "interactions": interactions,
        "metadata": {
            "pactRust": {"ffi": "0.5.12"},
            "pactSpecification": {"version": "4.0"},
            **({"plugins": [{"name": "protobuf", "version": "1", "configuration": configuration}]} if keys else {}),
        },
    }
    path = scratch / "process-1" / "pacts" / str(number) / "contract.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(document))


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Write what one test of a run recorded; every call of ``run`` is a run of its own."""
    numbers = itertools.count()

    def record(run: str, *interactions: dict[str, Any], **options: Any) -> None:
        write(tmp_path / run, next(numbers), *interactions, **options)

    return record


def merged(tmp_path: Path, run: str, *, prune: bool = False) -> dict[str, Any]:
    merge(tmp_path / run, tmp_path / "pacts", prune=prune)
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


def test_contracts_that_differ_in_what_must_not_be_there_are_different(tmp_path: Path, record: Record) -> None:
    absent = {"testname": "t.py::test_2", "absentHeaders": ["X-Debug"]}
    record("run", interaction("a", test="t.py::test_1"))
    record("run", {**interaction("a"), "comments": absent})

    with pytest.raises(RecordingError, match="two tests of basket describe 'a'"):
        merged(tmp_path, "run")


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


def in_state(name: str, **changes: Any) -> dict[str, Any]:
    return interaction("a", providerStates=[{"name": name}], **changes)


def test_the_same_words_in_two_provider_states_are_two_interactions(tmp_path: Path, record: Record) -> None:
    record("run", in_state("one", test="1"), in_state("two", test="2", status=404))
    merged(tmp_path, "run")
    record("later", in_state("two", test="2", status=410))

    found = merged(tmp_path, "later")["interactions"]

    assert [(each["providerStates"][0]["name"], each["response"]["status"]) for each in found] == [
        ("one", 204),
        ("two", 410),
    ]


def test_two_pairs_whose_names_join_alike_get_two_files(tmp_path: Path, record: Record) -> None:
    pairs = [("web", "app-api"), ("web-app", "api")]
    for pair in pairs:
        record("run", interaction("a"), parties=pair)

    found = merge(tmp_path / "run", tmp_path / "pacts")

    assert [each.path.name for each in found] == ["web--app-api.json", "web-app--api.json"]
    assert [parties_of(each.path) for each in found] == pairs


def test_a_name_with_two_hyphens_takes_the_file_of_no_other_pair(tmp_path: Path, record: Record) -> None:
    pairs = [("a", "b-c"), ("a--b", "c"), ("a-b", "c")]
    for pair in pairs:
        record("run", interaction("a"), parties=pair)

    found = merge(tmp_path / "run", tmp_path / "pacts")

    assert sorted(parties_of(each.path) or ("", "") for each in found) == sorted(pairs)
    assert len({each.path for each in found}) == len(pairs)


def test_pairs_that_two_hyphens_do_not_tell_apart_get_a_hash(tmp_path: Path, record: Record) -> None:
    pairs = [("a", "-b"), ("a-", "b"), ("A", "-b"), ("e\u0301", "b"), ("\xe9", "b")]
    for pair in pairs:
        record("run", interaction("a"), parties=pair)

    found = merge(tmp_path / "run", tmp_path / "pacts")

    assert sorted(parties_of(each.path) or ("", "") for each in found) == sorted(pairs)
    assert all("~" in each.path.name for each in found)


@pytest.mark.parametrize(
    ("consumer", "name"),
    [
        ("@shop/web", "@shop%2Fweb-api.json"),
        ("@shop%2Fweb", "@shop%252Fweb-api.json"),
        ("../web", "%2E.%2Fweb-api.json"),
        (".web", "%2Eweb-api.json"),
        ("a\\b:c", "a%5Cb%3Ac-api.json"),
        ("a\nb\u200b", "a%0Ab%E2%80%8B-api.json"),
        ("Web App", "Web App-api.json"),
        ("über", "über-api.json"),
    ],
)
def test_what_no_file_can_be_named_is_written_as_in_a_url(
    tmp_path: Path, record: Record, consumer: str, name: str
) -> None:
    record("run", interaction("a"), parties=(consumer, "api"))

    (found,) = merge(tmp_path / "run", tmp_path / "pacts")

    assert found.path == tmp_path / "pacts" / name
    assert parties_of(found.path) == (consumer, "api")


def test_a_name_that_no_file_can_be_that_long_is_cut(tmp_path: Path, record: Record) -> None:
    pairs = [("ü" * 200, "api"), ("ü" * 201, "api")]
    for pair in pairs:
        record("run", interaction("a"), parties=pair)

    found = merge(tmp_path / "run", tmp_path / "pacts")

    assert [parties_of(each.path) for each in found] == pairs
    assert all(len(each.path.name.encode()) < 200 for each in found)


def test_a_contract_moves_from_the_name_that_it_had_earlier(tmp_path: Path, record: Record) -> None:
    record("first", interaction("a", test="1"), parties=("a:b", "api"))
    record("second", interaction("b", test="2"), parties=("a:b", "api"))
    (old,) = merge(tmp_path / "first", tmp_path / "pacts")
    old.path.rename(tmp_path / "pacts" / "a:b-api.json")

    (found,) = merge(tmp_path / "second", tmp_path / "pacts")

    assert descriptions(json.loads(found.path.read_text())) == ["a", "b"]
    assert [path.name for path in (tmp_path / "pacts").iterdir()] == ["a%3Ab-api.json"]


NAMES = st.text(st.sampled_from("aAb-%/.:~é\u0301 2F"), min_size=1, max_size=6)


@given(st.sets(NAMES, min_size=2, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_two_pairs_have_one_file(tmp_path: Path, names: set[str]) -> None:
    pairs = list(itertools.product(sorted(names), sorted(names)))
    files = [folded(file_for(tmp_path / "none", pair, names).name) for pair in pairs]
    assert len(set(files)) == len(pairs)
    assert all("/" not in name and not name.startswith(".") for name in files)


def test_the_names_of_files_do_not_depend_on_what_else_a_run_records(tmp_path: Path, record: Record) -> None:
    record("run", interaction("a"), parties=("web-app", "api"))

    (found,) = merge(tmp_path / "run", tmp_path / "pacts", names={"web", "app-api", "web-app", "api"})

    assert found.path.name == "web-app--api.json"


def test_a_contract_moves_when_its_name_becomes_ambiguous(tmp_path: Path, record: Record) -> None:
    record("first", interaction("a", test="1"), parties=("web-app", "api"))
    record("second", interaction("b", test="2"), parties=("web-app", "api"))
    merge(tmp_path / "first", tmp_path / "pacts")

    (found,) = merge(tmp_path / "second", tmp_path / "pacts", names={"web", "app-api"})

    assert descriptions(json.loads(found.path.read_text())) == ["a", "b"]
    assert [path.name for path in (tmp_path / "pacts").iterdir()] == ["web-app--api.json"]


def test_the_contract_of_other_parties_is_not_touched(tmp_path: Path, record: Record) -> None:
    record("other", interaction("a"), parties=("web-app", "api"))
    record("run", interaction("b"), parties=("web", "app-api"))
    (other,) = merge(tmp_path / "other", tmp_path / "pacts")
    before = other.path.read_bytes()

    (found,) = merge(tmp_path / "run", tmp_path / "pacts")

    assert (other.path.name, found.path.name) == ("web-app-api.json", "web--app-api.json")
    assert other.path.read_bytes() == before


def test_a_contract_whose_names_are_taken_gets_a_hash(tmp_path: Path, record: Record) -> None:
    record("run", interaction("b"), parties=("web", "app-api"))
    for number, name in enumerate(("web-app-api", "web--app-api")):
        write(tmp_path / "others", number, interaction("a"), parties=("web-app", "api"))
        (tmp_path / "pacts").mkdir(exist_ok=True)
        (tmp_path / "others" / "process-1" / "pacts" / str(number) / "contract.json").rename(
            tmp_path / "pacts" / f"{name}.json"
        )

    (found,) = merge(tmp_path / "run", tmp_path / "pacts")

    assert found.path.name.startswith("web-app-api~")


@pytest.mark.parametrize("prune", [False, True])
def test_an_older_version_of_the_specification_is_replaced_or_kept_whole(
    tmp_path: Path, record: Record, prune: bool
) -> None:
    record("run", interaction("b"))
    older = {
        "consumer": {"name": "basket"},
        "provider": {"name": "shop"},
        "interactions": [{"description": "a", "request": {}, "response": {"body": {"content": 1}}}],
        "messages": [{"description": "an event", "contents": {"a": 1}}],
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    }
    (tmp_path / "pacts").mkdir()
    path = tmp_path / "pacts" / "basket-shop.json"
    path.write_text(json.dumps(older))
    if prune:
        assert descriptions(merged(tmp_path, "run", prune=True)) == ["b"]
        return

    with pytest.raises(RecordingError, match=r"it has version 3\.0\.0 of the Pact specification"):
        merge(tmp_path / "run", tmp_path / "pacts")
    assert json.loads(path.read_text()) == older
