"""Breaks that somebody answers for until a date."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.errors import ConfigurationError
from servanda.policy import waivers
from servanda.policy.waiving import Request, add
from servanda.verdict import Finding

Make = Callable[..., Finding]
TODAY = dt.date(2026, 11, 22)
RULES = {"FIELD_NO_DELETE", "FIELD_SAME_NAME", ""}
COMPLETE = """# accepted by the team
[[waiver]]
rule = "FIELD_NO_DELETE"
element = "shop.v1.Order.note"
reason = "nobody ever set it"
owner = "team-shop"
expires = 2026-12-31
"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], tuple[waivers.Waiver, ...]]:
    def load(text: str) -> tuple[waivers.Waiver, ...]:
        path = tmp_path / "waivers.toml"
        path.write_text(text, encoding="utf-8")
        return waivers.load(path, "contracts/waivers.toml")

    return load


Written = Callable[[str], tuple[waivers.Waiver, ...]]


def severities(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(each.rule, str(each.severity)) for each in findings]


def test_without_a_file_nothing_is_waived(tmp_path: Path) -> None:
    assert waivers.load(tmp_path / "waivers.toml", "waivers.toml") == ()


def test_a_waiver_by_rule_and_element_covers_the_finding(written: Written, finding: Make) -> None:
    assert severities(waivers.apply([finding()], written(COMPLETE), TODAY, RULES)) == [("FIELD_NO_DELETE", "waived")]


def test_a_waiver_by_fingerprint_covers_the_finding(written: Written, finding: Make) -> None:
    text = COMPLETE.replace('rule = "FIELD_NO_DELETE"\n', "").replace("element", "fingerprint")
    text = text.replace("shop.v1.Order.note", finding().fingerprint)

    assert severities(waivers.apply([finding()], written(text), TODAY, RULES)) == [("FIELD_NO_DELETE", "waived")]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"element": "shop.v1.Order.note2"}, id="a longer name"),
        pytest.param({"element": "shop.v1.Order"}, id="what contains it"),
        pytest.param({"rule": "FIELD_SAME_NAME"}, id="another rule"),
    ],
)
def test_a_waiver_covers_nothing_but_its_exact_subject(written: Written, finding: Make, other: dict[str, str]) -> None:
    element = other.get("element", "shop.v1.Order.note")
    found = waivers.apply(
        [finding(element, rule=other.get("rule", "FIELD_NO_DELETE"))], written(COMPLETE), TODAY, RULES
    )

    assert [severity for _, severity in severities(found)] == ["error", "error"]
    assert found[1].rule == "WAIVER_UNMATCHED"


def test_a_waiver_counts_on_its_last_day(written: Written, finding: Make) -> None:
    found = waivers.apply([finding()], written(COMPLETE), dt.date(2026, 12, 31), RULES)

    assert severities(found) == [("FIELD_NO_DELETE", "waived")]


def test_an_expired_waiver_fails_with_the_finding_that_it_covered(written: Written, finding: Make) -> None:
    found = waivers.apply([finding()], written(COMPLETE), dt.date(2027, 1, 1), RULES)

    assert severities(found) == [("FIELD_NO_DELETE", "error"), ("WAIVER_EXPIRED", "error")]


def test_a_waiver_that_covers_nothing_fails_at_its_place(written: Written) -> None:
    [found] = waivers.apply([], written(COMPLETE), TODAY, RULES)

    assert (found.rule, found.span.path) == ("WAIVER_UNMATCHED", "contracts/waivers.toml")
    assert (found.span.start_line, found.span.end_line) == (2, 7)


def test_the_check_of_a_document_does_not_complain_about_waivers_of_interfaces(written: Written) -> None:
    assert waivers.apply([], written(COMPLETE), TODAY, {"OPENAPI_PATH_NO_DELETE"}) == ()


def test_the_check_of_interfaces_does_not_complain_about_waivers_of_documents(written: Written) -> None:
    assert waivers.apply([], written(COMPLETE.replace("FIELD_", "OPENAPI_PROPERTY_")), TODAY, RULES) == ()


def test_a_waiver_that_names_no_rule_is_left_alone_unless_everything_was_examined(written: Written) -> None:
    text = COMPLETE.replace('rule = "FIELD_NO_DELETE"\n', "").replace("element", "fingerprint")

    assert waivers.apply([], written(text), TODAY, RULES - {""}) == ()
    assert [each.rule for each in waivers.apply([], written(text), TODAY, RULES)] == ["WAIVER_UNMATCHED"]


def test_the_same_complaint_keeps_its_fingerprint_when_lines_move(written: Written) -> None:
    first, second = (waivers.apply([], written(text), TODAY, RULES) for text in (COMPLETE, f"# more\n\n{COMPLETE}"))

    assert first[0].fingerprint == second[0].fingerprint
    assert first[0].span != second[0].span


@pytest.mark.parametrize(
    ("edit", "what", "place"),
    [
        pytest.param(("2026-12-31", '"soon"'), "'expires' must be a date", "7:11", id="no date"),
        pytest.param(("2026-12-31", "2026-12-31T10:00:00"), "'expires' must be a date", "7:11", id="a time"),
        pytest.param(("expires = 2026-12-31\n", ""), "'expires' must be a date", "2:1", id="no expiry"),
        pytest.param(('"nobody ever set it"', '" "'), "'reason' is missing or empty", "5:10", id="no reason"),
        pytest.param(('owner = "team-shop"\n', ""), "'owner' is missing or empty", "2:1", id="no owner"),
        pytest.param(('element = "shop.v1.Order.note"\n', ""), "expected 'fingerprint', or", "3:8", id="no element"),
        pytest.param(("rule =", 'fingerprint = "f"\nrule ='), "expected 'fingerprint', or", "5:11", id="both"),
        pytest.param(("owner", "ownr"), "unknown key 'ownr'", "6:1", id="unknown key"),
        pytest.param(('"team-shop"', "7"), r"waiver\[0\]\.owner: expected a string, found the", "6:9", id="no string"),
        pytest.param(("[[waiver]]", "[waiver]"), r"written as \[\[waiver\]\] tables", "2:1", id="a single table"),
        pytest.param(("[[waiver]]", "[[wavier]]"), "unknown key 'wavier'", "2:3", id="another table"),
        pytest.param(('"team-shop"', '"team-shop'), "invalid TOML", "6:19", id="no TOML"),
    ],
)
def test_a_malformed_waiver_is_refused_with_its_place(
    written: Written, edit: tuple[str, str], what: str, place: str
) -> None:
    assert edit[0] in COMPLETE

    with pytest.raises(ConfigurationError, match=what) as refused:
        written(COMPLETE.replace(*edit))

    assert refused.value.where == f"contracts/waivers.toml:{place}"


def test_the_place_is_that_of_the_waiver_that_is_wrong(written: Written) -> None:
    with pytest.raises(ConfigurationError) as refused:
        written(COMPLETE + "\n" + COMPLETE.replace("2026-12-31", "7"))

    assert refused.value.where == "contracts/waivers.toml:15:11"


REQUEST = Request(
    "nobody set it", "team-shop", dt.date(2026, 12, 31), rule="FIELD_NO_DELETE", element="shop.v1.Order.note"
)


def test_what_is_added_covers_the_finding(tmp_path: Path, finding: Make) -> None:
    path = tmp_path / "contracts" / "waivers.toml"

    add(path, REQUEST)

    found = waivers.apply([finding()], waivers.load(path, "waivers.toml"), TODAY, RULES)
    assert severities(found) == [("FIELD_NO_DELETE", "waived")]


def test_what_was_in_the_file_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text(COMPLETE, encoding="utf-8")

    add(path, REQUEST)

    assert path.read_text(encoding="utf-8").startswith(COMPLETE)
    assert len(waivers.load(path, "waivers.toml")) == 2


def test_nothing_is_added_to_what_is_no_toml(tmp_path: Path) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text("[[waiver", encoding="utf-8")

    with pytest.raises(ConfigurationError, match="invalid TOML"):
        add(path, REQUEST)

    assert path.read_text(encoding="utf-8") == "[[waiver"


def test_a_file_outside_of_the_tree_is_neither_read_nor_written(tmp_path: Path) -> None:
    outside, path = tmp_path / "outside.toml", tmp_path / "tree" / "contracts" / "waivers.toml"
    outside.write_text(COMPLETE, encoding="utf-8")
    (tmp_path / "tree" / ".git").mkdir(parents=True)
    path.parent.mkdir()
    path.symlink_to(outside)

    for act in (lambda: waivers.load(path, "waivers.toml"), lambda: add(path, REQUEST)):
        with pytest.raises(ConfigurationError, match="outside of the tree"):
            act()
    assert outside.read_text(encoding="utf-8") == COMPLETE


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "waivers.toml").mkdir()

    with pytest.raises(ConfigurationError, match="expected a file, found a folder"):
        waivers.load(tmp_path / "waivers.toml", "waivers.toml")
