"""Ways to a provider."""

import pytest

from servanda.configuration import Connection


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/admin/x", "one"),
        ("admin/x", "one"),
        ("admin", "one"),
        ("admin?x=/", "one"),
        ("/administrator", None),
        ("administrator", None),
        ("x/admin", None),
        ("", None),
    ],
)
def test_a_route_is_found_with_and_without_the_first_slash_of_a_path(path: str, leads_to: str | None) -> None:
    way = Connection(routes={"http": {"/admin": "one"}})
    assert way.to("http", path).targets.get("http") == leads_to


def test_a_route_for_everything_is_found_for_every_path() -> None:
    way = Connection(routes={"http": {"/": "all", "/a": "one"}})
    assert [way.to("http", path).targets["http"] for path in ("", "/", "x", "a")] == ["all", "all", "all", "one"]
