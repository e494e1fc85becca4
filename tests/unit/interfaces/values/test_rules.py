"""Every rule about cached values finds the change of its fixture where it stands, and nothing else."""

from pathlib import Path

import pytest

from servanda.interfaces.values.check import check_formats
from servanda.interfaces.values.inputs import open_folder
from servanda.interfaces.values.rules.table import RULES
from servanda.verdict import Finding, Impact, Severity

FIXTURES = Path(__file__).parent / "fixtures"
EXPECTED = {
    "VALUE_KEY_SAME_PATTERN": ("current/shop.toml:3:1", "shop.cart"),
    "VALUE_KEY_NO_OVERLAP": ("current/shop.toml:39:1", "shop.offer"),
    "VALUE_FORMAT_NO_DELETE": ("previous/shop.toml", "shop.opened"),
    "VALUE_WRITERS_NO_DELETE": ("current/shop.toml:22:1", "shop.price"),
    "VALUE_READER_NO_DELETE": ("current/shop.toml:8:1", "shop.cart"),
    "VALUE_PREFIX_NO_REUSE": ("current/shop.toml:19:1", "shop.price"),
    "VALUE_SAME_TYPE": ("current/shop.toml:32:1", "shop.opened"),
    "VALUE_SAME_CONTENT": ("current/shop.toml:26:12", "shop.price.amount"),
    "VALUE_SCHEMA_NO_WIDEN": ("current/shop.toml:16:11", "shop.cart#/properties/state"),
    "VALUE_SCHEMA_NO_NARROW": ("current/shop.toml:15:29", "shop.cart#/properties/items"),
    "VALUE_SCHEMA_NO_UNPROVEN_CHANGE": ("current/shop.toml:16:28", "shop.cart#/properties/state"),
    "VALUE_FIELD_NO_DELETE": ("current/shop.toml:25:16", "shop.price.currency"),
    "VALUE_FIELD_NO_NEW_REQUIRED": ("current/shop.toml:28:1", "shop.price.note"),
    "VALUE_TTL_NO_DELETE": ("current/shop.toml:21:1", "shop.price"),
    "VALUE_TTL_NO_LENGTHEN": ("current/shop.toml:21:1", "shop.price"),
    "VALUE_TTL_NO_ADD": ("current/shop.toml:34:1", "shop.opened"),
}


def found(rule: str) -> list[Finding]:
    previous, current = (open_folder(side, FIXTURES / rule) for side in ("previous", "current"))
    return [each.finding for each in check_formats(previous, current, owners={"billing": "team-billing"})]


def test_every_rule_has_an_expectation() -> None:
    assert EXPECTED.keys() == {rule.id for rule in RULES}


@pytest.mark.parametrize("rule", EXPECTED)
def test_the_change_is_found_once_where_it_stands(rule: str) -> None:
    (finding,) = found(rule)

    assert (finding.rule, str(finding.span.start), finding.element) == (rule, *EXPECTED[rule])


@pytest.mark.parametrize("rule", EXPECTED)
def test_nothing_is_found_where_nothing_changed(rule: str) -> None:
    for side in ("previous", "current"):
        formats = open_folder(side, FIXTURES / rule)

        assert check_formats(formats, formats) == ()


@pytest.mark.parametrize("rule", EXPECTED)
def test_a_finding_names_the_services_that_read(rule: str) -> None:
    (finding,) = found(rule)

    expected = Impact.BROKEN if finding.severity is Severity.ERROR else Impact.POTENTIALLY_AFFECTED
    assert {hit.consumer.name for hit in finding.consumers} <= {"shop", "billing"}
    assert {hit.impact for hit in finding.consumers} == {expected}


def test_a_reader_has_its_owner() -> None:
    (finding,) = found("VALUE_TTL_NO_LENGTHEN")

    assert [(hit.consumer.name, hit.consumer.owner) for hit in finding.consumers] == [("billing", "team-billing")]


def test_a_value_shows_what_one_version_refuses() -> None:
    (wider,), (narrower,) = found("VALUE_SCHEMA_NO_WIDEN"), found("VALUE_SCHEMA_NO_NARROW")

    assert wider.message.endswith('for example "paid" may be written now.')
    assert narrower.message.endswith("for example 0 may be there already.")
