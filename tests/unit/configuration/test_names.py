"""Names of services that were perhaps meant."""

import pytest

from servanda.configuration import unknown_service


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("identty", "did you mean 'identity'? configured services: audit, identity"),
        ("x", "configured services: audit, identity"),
    ],
)
def test_the_closest_service_is_a_hint_beside_all(name: str, hint: str) -> None:
    assert unknown_service(name, ["identity", "audit"]).hint == hint


def test_where_there_is_none_the_hint_says_how_to_add_one() -> None:
    assert unknown_service("shop", []).hint == "no service is configured: add [services.shop]"
    assert unknown_service("the shop", []).hint == 'no service is configured: add [services."the shop"]'
