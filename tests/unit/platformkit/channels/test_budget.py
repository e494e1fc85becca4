from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from platformkit.channels import RetryBudget


def test_a_single_failure_may_be_repeated() -> None:
    assert RetryBudget().spend()


def test_failures_in_a_row_spend_it() -> None:
    budget = RetryBudget(tokens=10)
    assert [budget.spend() for _ in range(6)] == [True, True, True, True, False, False]


def test_successes_earn_it_back() -> None:
    budget = RetryBudget(tokens=10, earned=0.5)
    for _ in range(5):
        budget.spend()
    assert not budget.spend()
    for _ in range(6):
        budget.success()
    assert budget.spend()


@given(st.lists(st.booleans(), max_size=400))
def test_repetitions_never_exceed_half_the_tokens_and_what_was_earned(outcomes: list[bool]) -> None:
    budget = RetryBudget(tokens=10, earned=0.1)
    repeated = 0
    for succeeded in outcomes:
        if succeeded:
            budget.success()
        else:
            repeated += budget.spend()
    assert repeated <= 5 + 0.1 * sum(outcomes)


def test_failures_beyond_the_last_token_cost_nothing_more_and_earn_nothing() -> None:
    budget = RetryBudget()
    for _ in range(30):
        budget.spend()
    for _ in range(55):
        budget.success()
    assert not budget.spend()
    for _ in range(20):
        budget.success()
    assert budget.spend()
