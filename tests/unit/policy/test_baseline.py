"""Adopting a repository that is already dirty."""

from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.errors import ConfigurationError
from servanda.policy import baseline
from servanda.verdict import Finding, Severity

Make = Callable[..., Finding]
NAME = "baseline.json"
PROTOBUF, OPENAPI = {"FIELD_NO_DELETE"}, {"OPENAPI_PATH_NO_DELETE"}


def test_what_is_in_the_baseline_does_not_stop_the_change(tmp_path: Path, finding: Make) -> None:
    path = tmp_path / NAME
    baseline.write(path, NAME, [finding()], PROTOBUF)

    found = baseline.apply([finding(), finding("shop.v1.Order.card")], baseline.load(path, NAME), NAME, PROTOBUF)

    assert [each.severity for each in found] == [Severity.BASELINE, Severity.ERROR]


def test_only_what_would_stop_the_change_needs_a_baseline(tmp_path: Path, finding: Make) -> None:
    path = tmp_path / NAME

    baseline.write(path, NAME, [finding(severity=severity, element=f"a.{severity}") for severity in Severity], PROTOBUF)

    assert [entry.element for entry in baseline.load(path, NAME)] == ["a.baseline", "a.error"]


def test_an_entry_that_is_found_no_more_is_reported(tmp_path: Path, finding: Make) -> None:
    path = tmp_path / NAME
    baseline.write(path, NAME, [finding()], PROTOBUF)

    [stale] = baseline.apply([], baseline.load(path, NAME), NAME, PROTOBUF)

    assert (stale.rule, stale.severity, stale.element) == ("BASELINE_STALE", Severity.WARNING, "shop.v1.Order.note")


def test_a_waiver_in_disorder_is_not_accepted_by_a_baseline(tmp_path: Path, finding: Make) -> None:
    path, expired = tmp_path / NAME, finding(rule="WAIVER_EXPIRED", category="POLICY")

    assert baseline.write(path, NAME, [expired], PROTOBUF) == 0
    assert baseline.apply([expired], baseline.load(path, NAME), NAME, PROTOBUF) == (expired,)


OF_A_DOCUMENT = {"rule": "OPENAPI_PATH_NO_DELETE", "category": "OPENAPI"}


def test_a_check_of_the_interfaces_leaves_entries_of_documents_alone(tmp_path: Path, finding: Make) -> None:
    path = tmp_path / NAME
    baseline.write(path, NAME, [finding("#/paths/~1a", **OF_A_DOCUMENT)], OPENAPI)

    baseline.write(path, NAME, [finding("a.B")], PROTOBUF)
    found = baseline.apply([finding("a.B")], baseline.load(path, NAME), NAME, PROTOBUF)

    assert [each.severity for each in found] == [Severity.BASELINE]
    assert baseline.prune(path, NAME, [finding("a.B")], PROTOBUF) == 0


def test_a_check_of_a_document_leaves_all_other_entries_alone(tmp_path: Path, finding: Make) -> None:
    path = tmp_path / NAME
    baseline.write(path, NAME, [finding("a.B")], PROTOBUF)

    baseline.write(path, NAME, [finding("#/paths/~1a", **OF_A_DOCUMENT)], OPENAPI)

    assert [entry.element for entry in baseline.load(path, NAME)] == ["#/paths/~1a", "a.B"]
    assert baseline.apply([], baseline.load(path, NAME), NAME, set()) == ()


def test_pruning_takes_out_what_is_found_no_more_and_adds_nothing(tmp_path: Path, finding: Make) -> None:
    path = tmp_path / NAME
    baseline.write(path, NAME, [finding("a.B"), finding("a.C")], PROTOBUF)

    assert baseline.prune(path, NAME, [finding("a.C"), finding("a.D")], PROTOBUF) == 1
    assert [entry.element for entry in baseline.load(path, NAME)] == ["a.C"]


def test_the_same_findings_give_the_same_file_in_any_order(tmp_path: Path, finding: Make) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    baseline.write(first, NAME, [finding("a.B"), finding("a.C")], PROTOBUF)
    baseline.write(second, NAME, [finding("a.C"), finding("a.B"), finding("a.B")], PROTOBUF)

    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        pytest.param('{"format": 1', f"{NAME}:1:13", id="no JSON"),
        pytest.param('{"format": 9, "findings": []}', f"{NAME}:1:1", id="another format"),
        pytest.param('{"format": 1, "findings": [{}]}', f"{NAME}:1:28", id="an entry without fingerprint"),
        pytest.param('{"format": 1, "format": 1}', f"{NAME}:1:15", id="a key twice"),
        pytest.param("[" * 100_000, f"{NAME}:1:101", id="depth"),
        pytest.param("[]", f"{NAME}:1:1", id="no object"),
    ],
)
def test_a_malformed_baseline_is_refused(tmp_path: Path, text: str, where: str) -> None:
    path = tmp_path / NAME
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigurationError) as refused:
        baseline.load(path, NAME)

    assert refused.value.where == where


def test_a_file_outside_of_the_tree_is_not_overwritten(tmp_path: Path, finding: Make) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / NAME).symlink_to("../outside.json")

    with pytest.raises(ConfigurationError, match=r"points to '\.\./outside\.json', outside of the tree"):
        baseline.write(tmp_path / "tree" / NAME, NAME, [finding("a.B")], PROTOBUF)
    assert not (tmp_path / "outside.json").exists()


@pytest.mark.parametrize("lie", [{"rule": "FIELD_SAME_NAME"}, {"element": "shop.v1.Order.harmless"}])
def test_an_entry_covers_only_what_it_says_it_covers(finding: Make, lie: dict[str, str]) -> None:
    told = finding()
    entry = baseline.Known(**{"fingerprint": told.fingerprint, "rule": told.rule, "element": told.element, **lie})

    found = baseline.apply([told], [entry], NAME, PROTOBUF)

    assert [(each.rule, each.severity) for each in found] == [
        ("FIELD_NO_DELETE", Severity.ERROR),
        ("BASELINE_STALE", Severity.WARNING),
    ]
