"""Edits made element by element: every kind can be made, and the same seed makes the same ones."""

import pytest

from bench.consumer_impact.generated import drawing
from bench.consumer_impact.generated.candidate import Candidate
from bench.consumer_impact.generated.drawing import Drawn
from bench.consumer_impact.scenario.scenario import Scenario


@pytest.fixture(scope="module")
def candidates(library: Scenario) -> list[Candidate]:
    return list(drawing.candidates(library))


@pytest.fixture(scope="module")
def one_of_each(library: Scenario, candidates: list[Candidate]) -> dict[str, Drawn]:
    kinds = len({each.kind for each in candidates})
    return {each.candidate.kind: each for each in drawing.drawn(library, kinds, seed=1)}


def test_every_kind_is_drawn_once_before_any_is_drawn_twice(
    candidates: list[Candidate], one_of_each: dict[str, Drawn]
) -> None:
    assert one_of_each.keys() == {each.kind for each in candidates}


def test_every_edit_changes_something(library: Scenario, one_of_each: dict[str, Drawn]) -> None:
    former = drawing.former(library)

    assert [kind for kind, each in one_of_each.items() if not each.files.items() - former.items()] == []


def test_every_edit_has_a_name_of_its_own(candidates: list[Candidate]) -> None:
    assert len({(each.kind, each.name) for each in candidates}) == len(candidates)


def test_the_same_seed_draws_the_same_edits(library: Scenario) -> None:
    one, two, other = ([each.name for each in drawing.chosen(library, 20, seed)] for seed in (3, 3, 4))

    assert one == two != other


@pytest.mark.parametrize(
    ("only", "consumers"),
    [
        ("delete field: lib.lending.v1.LendBookRequest.days", {"kiosk"}),
        ("delete field: lib.lending.v1.LendBookRequest.desk", set()),
        ("retype: lib.catalogue.v1.Book.copies: int64 to uint64", set()),
        ("retype: lib.catalogue.v1.Book.copies: int64 to sint64", {"lending"}),
        ("rename value: lib.members.v1.Tier.TIER_CHILD", {"statistics"}),
        ("validation: lib.members.v1.Member.email: string { min_len: 1 }", {"partner"}),
        ("behavior REQUIRED: lib.lending.v1.LendBookRequest.desk", {"kiosk"}),
        ("event: topic: lib.members.v1.MemberJoined", {"mailer", "statistics"}),
        ("stream: lib.catalogue.v1.CatalogueService.ListBooks", {"kiosk"}),
        ("openapi: drop value: fees components/schemas/Fee/properties/status: waived", {"partner"}),
        ("openapi: require parameter: rooms paths//rooms/{number}/bookings/post/parameters/1", {"partner"}),
    ],
)
def test_those_break_whose_interactions_do(library: Scenario, only: str, consumers: set[str]) -> None:
    (found,) = drawing.drawn(library, 1, seed=1, only=only)

    assert found.broken.keys() == consumers
