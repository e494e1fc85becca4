"""Stability is told by the version of the package, and by nothing else."""

import pytest

from servanda.interfaces.protobuf.check import check
from servanda.interfaces.protobuf.stability import is_unstable
from tests.unit.interfaces.conftest import Desk

BEFORE = 'syntax = "proto3";\npackage shop;\nmessage order { string note = 1; }\n'


@pytest.mark.parametrize(
    ("package", "unstable"),
    [
        ("shop.v1", False),
        ("shop.v1beta1", True),
        ("shop.v2alpha", True),
        ("shop.v1p1beta1.inner", True),
        ("shop.v1test", True),
        ("shop.alpha", False),
        ("", False),
    ],
)
def test_a_package_is_unstable_if_its_version_says_so(package: str, *, unstable: bool) -> None:
    assert is_unstable(package) is unstable


@pytest.mark.parametrize(
    ("before", "after", "unstable"),
    [
        pytest.param("shop.v1beta1", "shop.v1beta1", True, id="unstable"),
        pytest.param("shop", "shop", False, id="a field called like a version"),
        pytest.param("shop.v1", "shop.v1beta1", False, id="a package that becomes unstable"),
    ],
)
def test_a_finding_is_about_an_unstable_package_in_both_states(
    desk: Desk, before: str, after: str, *, unstable: bool
) -> None:
    desk.write({"before/a.proto": BEFORE.replace("package shop", f"package {before}")})
    desk.write({"after/a.proto": BEFORE.replace("package shop", f"package {after}").replace("note", "v1beta1")})

    found = check(desk.open("after"), [desk.open("before")])

    assert {each.finding.unstable for each in found} == {unstable}
