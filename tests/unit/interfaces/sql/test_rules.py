"""Every rule about migrations finds the change of its fixture where it stands, and nothing where nothing changed."""

from pathlib import Path

import pytest

from codegen.migrations import review_in
from servanda.interfaces.sql.check import check_review
from servanda.interfaces.sql.rules.table import RULES
from servanda.verdict import Finding, Impact, Severity

FIXTURES = Path(__file__).parent / "fixtures"
SECOND = "migrations/0002_change.sql:1"
EXPECTED = {
    "SQL_COLUMN_NO_DELETE": (SECOND, "shop.orders.customer"),
    "SQL_COLUMN_SAME_NAME": (SECOND, "shop.orders.customer"),
    "SQL_COLUMN_SAME_TYPE": (SECOND, "shop.orders.order_id"),
    "SQL_COLUMN_NO_NARROW": (SECOND, "shop.orders.note"),
    "SQL_COLUMN_NO_NEW_REQUIRED": (SECOND, "shop.orders.note"),
    "SQL_COLUMN_NO_NULL": (SECOND, "shop.orders.customer"),
    "SQL_DEFAULT_NO_DELETE": (SECOND, "shop.orders.channel"),
    "SQL_ROW_SAME_SHAPE": (SECOND, "shop.orders.note"),
    "SQL_ROW_NO_ADD": (SECOND, "shop.orders.weight"),
    "SQL_RELATION_NO_DELETE": (SECOND, "shop.orders"),
    "SQL_RELATION_SAME_NAME": (SECOND, "shop.orders"),
    "SQL_FUNCTION_NO_DELETE": (SECOND, "shop.total"),
    "SQL_ENUM_NO_DELETE": (SECOND, "shop.state.paid"),
    "SQL_ENUM_NO_ADD": (SECOND, "shop.state.refunded"),
    "SQL_CONSTRAINT_NO_ADD": (SECOND, "shop.orders.customer"),
    "SQL_STATEMENT_NO_FAILURE": (
        "contracts/sql/0.1.0/shop.json",
        "SELECT order_id, customer FROM orders",
    ),
    "SQL_MIGRATION_KEEPS_ROWS": (SECOND, "migrations/0002_change.sql"),
    "SQL_MIGRATION_NO_EDIT": ("migrations/0001_orders.sql:1", "migrations/0001_orders.sql"),
    "SQL_MIGRATION_NO_LOCK": (SECOND, "migrations/0002_change.sql"),
    "SQL_SCHEMA_NO_FOREIGN": ("migrations/0002_change.sql:2", "billing"),
}
OF_ANOTHER = ("SQL_STATEMENT_NO_FAILURE", "SQL_MIGRATION_KEEPS_ROWS", "SQL_MIGRATION_NO_LOCK", "SQL_MIGRATION_NO_EDIT")


def found(rule: str) -> list[Finding]:
    return [each.finding for each in check_review(review_in(FIXTURES / rule), "team-shop")]


def test_every_rule_has_an_expectation() -> None:
    assert EXPECTED.keys() == {rule.id for rule in RULES}


@pytest.mark.parametrize("rule", EXPECTED)
def test_the_change_is_found_once_where_it_stands(rule: str) -> None:
    (finding,) = found(rule)

    assert (finding.rule, str(finding.span.start), finding.element) == (rule, *EXPECTED[rule])


@pytest.mark.parametrize("rule", [rule for rule in EXPECTED if rule not in (*OF_ANOTHER, "SQL_SCHEMA_NO_FOREIGN")])
def test_a_finding_names_the_live_version_with_statement_and_caller(rule: str) -> None:
    (finding,) = found(rule)
    (hit,) = finding.consumers

    assert (hit.consumer.name, hit.consumer.owner) == ("shop 0.1.0", "team-shop")
    expected = Impact.BROKEN if finding.severity is Severity.ERROR else Impact.POTENTIALLY_AFFECTED
    assert hit.impact is expected
    assert hit.evidence[0].test.startswith("shop/orders.py:1")
    assert hit.evidence[0].document == "contracts/sql/0.1.0/shop.json"


@pytest.mark.parametrize("rule", ["SQL_COLUMN_NO_DELETE", "SQL_RELATION_SAME_NAME", "SQL_ENUM_NO_DELETE"])
def test_the_contract_step_waits_for_the_live_version(rule: str) -> None:
    (finding,) = found(rule)

    assert "shop 0.1.0" in f"{finding.steps.migrate} {finding.steps.contract}"
