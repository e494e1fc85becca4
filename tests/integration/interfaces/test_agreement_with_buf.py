"""The rules that carry buf's names mean what buf means; the real buf is the judge."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from bench.compatibility.agreement import compared, workspaces
from bench.compatibility.dressing import document, dressed
from servanda.interfaces.protobuf.rules.table import BUF_RULES

FIXTURES = Path(__file__).parents[2] / "unit" / "interfaces" / "protobuf" / "fixtures"

BEFORE = """syntax = "proto3";
package shop.v1;
message Order { string order_id = 1; map<string, int32> counts = 2; message Line { int32 n = 1; } }
enum State { STATE_UNSPECIFIED = 0; STATE_OPEN = 1; }
service Shop { rpc Get(Order) returns (Order); rpc Put(Order) returns (Order); }
"""


def test_a_field_that_changes_type_is_found_at_the_type_under_every_rule() -> None:
    found = compared(
        {"shop/v1/shop.proto": BEFORE}, {"shop/v1/shop.proto": BEFORE.replace("string order_id", "int32 order_id")}
    )

    assert found is not None
    rules = {"FIELD_SAME_TYPE", "FIELD_WIRE_COMPATIBLE_TYPE", "FIELD_WIRE_JSON_COMPATIBLE_TYPE"}
    assert found.ours == found.theirs == {(rule, "new/shop/v1/shop.proto", 3, 17, 3, 22) for rule in rules}


@pytest.mark.parametrize("edits", [1, 5, 12], ids=lambda edits: f"{edits} edits")
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_random_edits_are_found_alike_whatever_the_text_looks_like(edits: int, seed: int) -> None:
    note(f"seed {seed}")
    random = Random(seed)  # noqa: S311 - a seed makes it repeatable
    before, after = (dressed(sources, random) for sources in workspaces(random, edits))

    found = compared(before, after, document(random))

    assume(found is not None)
    assert found is not None
    assert found.ours == found.theirs


@pytest.mark.parametrize("rule", [rule.id for rule in BUF_RULES])
def test_a_fixture_is_found_alike(rule: str) -> None:
    found = compared(sources(FIXTURES / rule / "previous"), sources(FIXTURES / rule / "current"))

    assert found is not None
    assert found.ours == found.theirs
    assert rule in {place[0] for place in found.theirs}


def sources(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.proto")}
