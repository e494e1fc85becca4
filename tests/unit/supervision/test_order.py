from __future__ import annotations

import pytest

from servanda.configuration import Service
from servanda.errors import ConfigurationError
from servanda.supervision import start_order


def _services(**depends_on: str) -> dict[str, Service]:
    return {name: Service(name, ("run",), depends_on=tuple(others.split())) for name, others in depends_on.items()}


def test_a_service_comes_after_all_that_it_depends_on() -> None:
    order = [service.name for service in start_order(_services(edge="users audit", users="", audit="users"))]
    assert order == ["users", "audit", "edge"]


def test_only_the_wanted_services_and_what_they_need_are_started() -> None:
    services = _services(edge="users", users="", mail="", audit="users")
    assert {service.name for service in start_order(services, ["edge"])} == {"edge", "users"}


def test_a_circle_is_refused_and_named() -> None:
    with pytest.raises(ConfigurationError, match=r"circle: .* -> .* -> "):
        start_order(_services(a="b", b="c", c="a"))


def test_a_service_that_is_not_configured_is_refused_with_those_that_are() -> None:
    with pytest.raises(ConfigurationError, match=r"'mail' is not configured\nhint: configured services: a"):
        start_order(_services(a=""), ["mail"])
