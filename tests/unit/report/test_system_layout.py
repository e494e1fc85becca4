"""The picture of the system: everybody has a place of its own, and the same facts give the same picture."""

from __future__ import annotations

import re
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from servanda.report import system_picture
from servanda.report.system_layout import Box, lay_out
from servanda.verdict import Arrow, Outcome, Transport
from tests.unit.report.conftest import result

NAMES = st.sampled_from(["app", "audit", "auth", "gateway", "identity", "web"])
TRANSPORTS = st.sampled_from([Transport.HTTP, Transport.GRPC, Transport.KAFKA])
OUTCOMES = st.sampled_from([Outcome.HELD, Outcome.BROKEN, Outcome.UNKNOWN, Outcome.PENDING])


def arrow(
    consumer: str, provider: str, transport: Transport = Transport.HTTP, outcome: Outcome = Outcome.HELD
) -> Arrow:
    return Arrow(consumer, provider, transport, (result(f"{consumer}-to-{provider}", transport, "x", outcome),))


ARROWS = st.lists(
    st.builds(arrow, NAMES, NAMES, TRANSPORTS, OUTCOMES),
    max_size=18,
    unique_by=lambda a: (a.consumer, a.provider, a.transport),
)


def width(name: str) -> int:
    return 20 + 8 * len(name)


def apart(one: Box, other: Box) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return beside or one.y + one.height <= other.y or other.y + other.height <= one.y


@given(ARROWS)
def test_no_party_covers_another_one_and_all_are_within_the_picture(arrows: list[Arrow]) -> None:
    layout = lay_out(arrows, width, 120)

    assert {box.name for box in layout.boxes} == {
        name for each in arrows if each.consumer != each.provider for name in (each.consumer, each.provider)
    }
    assert [pair for pair in combinations(layout.boxes, 2) if not apart(*pair)] == []
    assert all(box.x >= 0 and box.x + box.width <= layout.width for box in layout.boxes)
    assert all(box.y >= 0 and box.y + box.height <= layout.height for box in layout.boxes)


@given(ARROWS)
def test_every_arrow_leads_from_its_consumer_to_its_provider_at_a_place_of_its_own(arrows: list[Arrow]) -> None:
    layout = lay_out(arrows, width, 120)
    boxes = {box.name: box for box in layout.boxes}

    for line in layout.lines:
        ends = (line.arrow.provider, line.arrow.consumer) if line.turned else (line.arrow.consumer, line.arrow.provider)
        left, right = (boxes[name] for name in ends)
        assert (line.points[0][0], line.points[-1][0]) == (left.x + left.width, right.x)
        assert left.y <= line.points[0][1] <= left.y + left.height
        assert right.y <= line.points[-1][1] <= right.y + right.height
    assert len({line.points[0] for line in layout.lines}) == len(layout.lines)
    assert len({line.points[-1] for line in layout.lines}) == len(layout.lines)
    assert len(layout.lines) == sum(each.consumer != each.provider for each in arrows)


@given(ARROWS, st.randoms())
def test_the_order_of_the_facts_does_not_matter(arrows: list[Arrow], random: object) -> None:
    shuffled = list(arrows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert lay_out(arrows, width, 120) == lay_out(shuffled, width, 120)


@given(ARROWS)
def test_no_arrow_is_turned_without_a_circle(arrows: list[Arrow]) -> None:
    forward = [each for each in arrows if each.consumer < each.provider]

    assert [line for line in lay_out(forward, width, 120).lines if line.turned] == []


def test_a_circle_is_drawn_with_one_arrow_turned() -> None:
    layout = lay_out([arrow("a", "b"), arrow("b", "c"), arrow("c", "a")], width, 120)

    assert sum(line.turned for line in layout.lines) == 1


def test_what_a_party_expects_of_itself_is_said_instead_of_drawn() -> None:
    told = system_picture.draw([arrow("a", "a"), arrow("a", "b")])

    assert "what a expects of itself" in told
    assert told.count('class="party"') == 2


def test_a_broken_arrow_is_told_by_more_than_its_colour() -> None:
    told = system_picture.draw(
        [arrow("a", "b", outcome=Outcome.BROKEN), arrow("a", "c"), arrow("a", "d", outcome=Outcome.UNKNOWN)]
    )

    assert "<title>a -&gt; b: http 0/1, broken</title>" in told
    assert "1 holds, 1 broken, 1 could not be told" in told
    assert len(re.findall(r'<circle class="ground"', told)) == 4  # two arrows, and two entries of the legend


def test_a_system_of_thirty_parties_is_drawn_and_a_larger_one_is_a_table() -> None:
    thirty = [arrow("hub", f"s{number}") for number in range(29)]

    assert "<svg" in system_picture.draw(thirty)
    assert system_picture.draw([*thirty, arrow("hub", "s29")]).startswith("<p>31 parties with 30 arrows are too many")


def test_without_arrows_there_is_no_picture() -> None:
    assert system_picture.draw([]) == ""
