"""Numbers of events that follow accepted writes."""

from __future__ import annotations

from collections.abc import Mapping

from servanda.versions.oracle import Miscount, Write, Writes

CREATED = ("users", "UserCreated")
Events = Mapping[str, frozenset[tuple[tuple[str, str], str]]]


def post(number: int, target: str = "/v1/users") -> Write:
    return Write("POST", target, f"trace-{number}")


def events(**numbers: int) -> Events:
    return {
        f"trace-{name.removeprefix('of_')}": frozenset((CREATED, f"{name}-{each}") for each in range(count))
        for name, count in numbers.items()
    }


def of_old(**numbers: int) -> Writes:
    writes = Writes()
    writes.learn([post(int(name.removeprefix("of_"))) for name in numbers], events(**numbers))
    return writes


def test_a_write_that_as_many_events_follow_as_before_is_right() -> None:
    assert not [*of_old(of_1=1).miscounts([post(2)], events(of_2=1))]


def test_a_lost_event_is_told_with_its_write() -> None:
    assert [*of_old(of_1=1).miscounts([post(2)], events())] == [Miscount(post(2), CREATED, 1, 0)]


def test_an_event_that_is_published_twice_is_told() -> None:
    assert [*of_old(of_1=1).miscounts([post(2)], events(of_2=2))] == [Miscount(post(2), CREATED, 1, 2)]


def test_many_writes_of_one_shape_are_told_once() -> None:
    assert len([*of_old(of_1=1).miscounts([post(2), post(3)], events())]) == 1


def test_a_write_that_is_sometimes_followed_by_nothing_may_be() -> None:
    writes = of_old(of_1=1, of_2=0)
    assert not [*writes.miscounts([post(3)], events())]


def test_a_number_that_differs_from_write_to_write_is_told_only_below_the_smallest() -> None:
    writes = of_old(of_1=2, of_2=4)
    assert not [*writes.miscounts([post(3)], events(of_3=9))]
    assert [*writes.miscounts([post(4)], events(of_4=1))] == [Miscount(post(4), CREATED, 2, 1)]


def test_a_kind_of_event_that_the_old_versions_never_published_is_new() -> None:
    assert not [*of_old(of_1=0).miscounts([post(2)], events(of_2=1))]


def test_a_write_that_the_old_versions_never_accepted_is_new() -> None:
    assert not [*of_old(of_1=1).miscounts([post(2, "/v1/orders")], events())]


def test_writes_to_two_things_of_a_kind_have_one_shape() -> None:
    assert post(1, "/v1/users/4f1c:deactivate?force=1").shape == post(2, "/v1/users/77:deactivate?force=2").shape


def test_one_event_that_a_relay_sends_twice_is_one() -> None:
    twice: Events = {"trace-2": frozenset({(CREATED, "the same"), (CREATED, "the same")})}
    assert not [*of_old(of_1=1).miscounts([post(2)], twice)]
