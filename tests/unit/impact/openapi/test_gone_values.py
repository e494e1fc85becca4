"""What it means for each consumer that a value of an answer comes no more, by what its contract accepts there."""

from typing import Any

import pytest

from tests.unit.impact.openapi.test_impacts import BY_ID, NOTE


@pytest.mark.parametrize(
    ("answer", "rules", "expected"),
    [
        pytest.param({"status": "paid"}, None, "broken", id="just this value"),
        pytest.param({"status": "open"}, None, "potentially-affected", id="another value"),
        pytest.param({"status": "paid"}, {"match": "type"}, "potentially-affected", id="any text"),
        pytest.param({"status": "paid"}, {"match": "regex", "regex": "paid|lost"}, "broken", id="none that is left"),
        pytest.param(
            {"status": "paid"}, {"match": "regex", "regex": "paid|open"}, "potentially-affected", id="one that is left"
        ),
        pytest.param({"status": "paid"}, {"match": "equality"}, "broken", id="told to be equal"),
        pytest.param({"note": "x"}, None, "unknown", id="nothing of it"),
    ],
)
def test_a_value_that_comes_no_more_breaks_who_expects_just_this_one(
    contracts: Any, answer: Any, rules: Any, expected: str
) -> None:
    told = {"$.status": {"combine": "AND", "matchers": [rules]}} if rules else None
    contracts.http("web", BY_ID, answer=answer, rules=told)

    assert contracts.impacts("[open, paid]", "[open]", "RESPONSE_VALUE_NO_DELETE") == {"web": expected}


@pytest.mark.parametrize(
    ("answer", "expected"), [({"note": None}, "broken"), ({"note": "x"}, "potentially-affected")], ids=["null", "text"]
)
def test_null_that_comes_no_more_breaks_who_expects_it(contracts: Any, answer: Any, expected: str) -> None:
    contracts.http("web", BY_ID, answer=answer)
    nullable = (NOTE, "        note: {type: [string, 'null'], maxLength: 50}\n")

    found = contracts.impacts("type: [string, 'null']", "type: string", "RESPONSE_VALUE_NO_DELETE", first=nullable)

    assert found == {"web": expected}


def test_a_value_among_others_by_a_rule_about_each_of_them_is_only_an_example(contracts: Any) -> None:
    each = {"match": "eachValue", "rules": [{"match": "type"}], "value": "{}"}
    contracts.http("web", "GET /v1/orders", answer=[{"status": "paid"}], rules={"$": {"matchers": [each]}})

    found = contracts.impacts("[open, paid]", "[open]", "RESPONSE_VALUE_NO_DELETE")

    assert found == {"web": "potentially-affected"}
