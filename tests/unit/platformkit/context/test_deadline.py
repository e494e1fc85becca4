from __future__ import annotations

import asyncio

import pytest

from platformkit.context import capped, deadline, remaining


def test_without_a_deadline_there_is_no_limit() -> None:
    assert remaining() is None
    assert capped(None) is None
    assert capped(3.0) == 3.0


def test_a_timeout_is_capped_by_what_is_left() -> None:
    with deadline(2.0):
        assert capped(60.0) == pytest.approx(2.0, abs=0.5)
        assert capped(None) == pytest.approx(2.0, abs=0.5)
        assert capped(0.1) == 0.1


def test_a_deadline_inside_another_can_only_be_earlier() -> None:
    with deadline(2.0), deadline(60.0):
        assert remaining() == pytest.approx(2.0, abs=0.5)
    with deadline(60.0), deadline(2.0):
        assert remaining() == pytest.approx(2.0, abs=0.5)


def test_no_deadline_inside_a_deadline_leaves_the_outer_one() -> None:
    with deadline(2.0), deadline(None):
        assert remaining() == pytest.approx(2.0, abs=0.5)


def test_a_deadline_that_has_passed_leaves_nothing() -> None:
    with deadline(-1.0):
        assert remaining() == 0.0


def test_less_than_a_millisecond_is_nothing_left() -> None:
    with deadline(0.001):
        assert remaining() == 0.0


def test_a_deadline_ends_with_its_block() -> None:
    with deadline(1.0):
        pass
    assert remaining() is None


async def test_a_task_inherits_the_deadline() -> None:
    async def left() -> float | None:
        return remaining()

    with deadline(2.0):
        assert await asyncio.create_task(left()) == pytest.approx(2.0, abs=0.5)
