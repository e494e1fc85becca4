"""The reference of matchers has all of them, and says of each what is accepted and what is not."""

from pact import match

from codegen import fixtures, matchers


def test_every_matcher_is_in_the_reference() -> None:
    named = {sample.call.partition("(")[0].removeprefix("match.") for sample in matchers.SAMPLES}

    assert named | set(matchers.aliases()) | {"AbstractMatcher"} == set(match.__all__)


def test_every_matcher_accepts_something_and_refuses_something() -> None:
    (page,) = matchers.products()
    rows = [
        line for line in page.content.decode().splitlines() if line.startswith("| `match.") and line.count(" | ") > 2
    ]

    assert len(rows) == len(matchers.SAMPLES)
    assert [row for row in rows if " |  |" in row] == []


def test_nothing_that_is_written_about_matchers_and_fixtures_drifted() -> None:
    products = [*matchers.products(), *fixtures.products()]

    assert [product.path for product in products if product.drifted()] == []


def test_every_fixture_of_the_plugin_is_in_the_reference() -> None:
    (page,) = fixtures.products()
    text = page.content.decode()

    assert all(f"| `{name}` |" in text for name in ("pact_with", "servanda_observe", "servanda_namespace"))
    assert "| `--pact-prune` |" in text
