from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from servanda.pact.matching.pairing import pairs

TABLES = st.integers(0, 4).flatmap(
    lambda values: st.lists(st.lists(st.booleans(), min_size=values, max_size=values), max_size=4)
)


@given(TABLES)
def test_as_many_examples_as_possible_get_a_value_of_their_own(table: list[list[bool]]) -> None:
    values = len(table[0]) if table else 0
    found = pairs(len(table), values, lambda example, value: table[example][value])

    assert all(table[example][value] for example, value in found.items())
    assert len(set(found.values())) == len(found)
    spare = values + len(table)  # an example that gets a number beyond the values goes without
    orders = permutations(range(spare), len(table))
    most = max(sum(value < values and table[one][value] for one, value in enumerate(order)) for order in orders)
    assert len(found) == most
