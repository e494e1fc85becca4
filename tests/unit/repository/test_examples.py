"""How examples of property tests are run."""

from hypothesis import settings


def test_a_busy_machine_fails_no_example() -> None:
    assert settings().deadline is None
