"""An error in a base says that it is there: the paths of both states are alike."""

from __future__ import annotations

import pytest

from servanda.errors import InterfaceError
from tests.unit.interfaces.conftest import ORDER, Desk


def test_what_does_not_compile_in_a_base_is_told_of_the_base(desk: Desk) -> None:
    desk.git("init", "--quiet")
    desk.write({"proto/shop.proto": ORDER.replace("message", "massage", 1)})
    commit = desk.commit("one")
    desk.write({"proto/shop.proto": ORDER})

    with pytest.raises(InterfaceError) as raised:
        desk.check("proto", f".git#commit={commit}")

    assert raised.value.what.startswith("in the base: ")
    assert raised.value.where == f"proto/shop.proto:3:1 of .git#commit={commit}"


def test_what_does_not_compile_now_is_not(desk: Desk) -> None:
    desk.write({"proto/shop.proto": ORDER.replace("message", "massage", 1)})

    with pytest.raises(InterfaceError) as raised:
        desk.open("proto")

    assert "base" not in raised.value.what
