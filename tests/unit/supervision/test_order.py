from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.configuration import Service
from servanda.errors import ConfigurationError
from servanda.supervision import Instance, Plan, Source, start_order

Plans = Callable[..., Plan]
OLD, NEW = (Instance("users", version, Source(Path("/checkout"), version)) for version in ("1.2.0", "2"))


def _services(**depends_on: str) -> list[Service]:
    return [Service(name, ("run",), depends_on=tuple(others.split())) for name, others in depends_on.items()]


def _names(plan: Plan) -> list[str]:
    return [instance.name for instance in start_order(plan)]


def test_a_service_comes_after_all_that_it_depends_on(plan: Plans) -> None:
    assert _names(plan(*_services(edge="users audit", users="", audit="users"))) == ["users", "audit", "edge"]


def test_only_the_wanted_services_and_what_they_need_are_started(plan: Plans) -> None:
    services = _services(edge="users", users="", mail="", audit="users")
    assert set(_names(plan(*services, only=("edge",)))) == {"edge", "users"}


def test_a_circle_is_refused_and_named(plan: Plans) -> None:
    with pytest.raises(ConfigurationError, match=r"cycle: .* -> .* -> "):
        start_order(plan(*_services(a="b", b="c", c="a")))


def test_a_service_that_is_not_configured_is_refused_with_those_that_are(plan: Plans) -> None:
    with pytest.raises(ConfigurationError, match=r"'mail' is not configured\nhint: configured services: a"):
        start_order(plan(*_services(a=""), only=("mail",)))


def test_every_version_starts_before_what_depends_on_the_service(plan: Plans) -> None:
    edge, users = _services(edge="users", users="")
    assert _names(plan(edge, users, instances={OLD: users, NEW: users})) == ["users@1.2.0", "users@2", "edge"]


def test_a_service_that_the_working_tree_no_longer_has_can_run(plan: Plans) -> None:
    edge, users = _services(edge="", users="")
    assert set(_names(plan(edge, instances={OLD: users}))) == {"edge", "users@1.2.0"}


def test_what_one_version_depends_on_comes_before_each_of_them(plan: Plans) -> None:
    old, audit = _services(users="audit", audit="")
    (new,) = _services(users="")
    assert _names(plan(new, audit, only=("users",), instances={OLD: old, NEW: new})) == [
        "audit",
        "users@1.2.0",
        "users@2",
    ]


def test_two_instances_of_one_name_are_refused(plan: Plans) -> None:
    (users,) = _services(users="")
    again = Instance("users", "2", Source(Path("/other"), "2"))
    with pytest.raises(ConfigurationError, match="2 instances are called 'users@2'"):
        start_order(plan(users, instances={NEW: users, again: users}))


def test_an_instance_that_has_the_name_of_its_service_is_the_current_one(plan: Plans) -> None:
    (users,) = _services(users="")
    unnamed = Instance("users", "", Source(Path("/work")))
    assert _names(plan(users, instances={OLD: users, unnamed: users})) == ["users@1.2.0", "users"]
    with pytest.raises(ConfigurationError, match="without a version is followed by one with a version"):
        start_order(plan(users, instances={unnamed: users, NEW: users}))
