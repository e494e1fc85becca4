"""A part of the contracts, and what is known of the last run."""

from __future__ import annotations

from pathlib import Path

import pytest

from servanda.configuration import Configuration
from servanda.errors import ConfigurationError, VerificationError
from servanda.verdict import InteractionResult, Location, Outcome, Transport
from servanda.verification import LoadedContracts, Selection, failed_before, load_contracts, remember
from tests.samples.library.contracts import a_book_over_http, a_title_over_grpc, contract, states


@pytest.fixture
def found(configuration: Configuration, tmp_path: Path) -> LoadedContracts:
    contract(tmp_path, a_book_over_http(), a_title_over_grpc())
    contract(tmp_path, a_book_over_http(), consumer="library")
    return load_contracts(configuration, tmp_path)


def selected(found: LoadedContracts) -> list[tuple[str, str]]:
    return [(file.consumer, each.shown) for file in found.files for each in file.interactions]


def test_everything_is_selected_if_nothing_is_named(found: LoadedContracts) -> None:
    assert Selection().of(found) == found


def test_consumers_and_interactions_are_selected_by_name(found: LoadedContracts) -> None:
    assert selected(Selection(consumers=("library",)).of(found)) == [("library", "a book")]
    assert selected(Selection(interactions=("a title",)).of(found)) == [("reader", "a title")]
    both = Selection(("reader",), ("a book", "a title"))
    assert selected(both.of(found)) == [("reader", "a book"), ("reader", "a title")]


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        (Selection(consumers=("raeder",)), "no contract has the consumer 'raeder'\nhint: did you mean 'reader'?"),
        (Selection(interactions=("a bok",)), "no contract has the interaction 'a bok'\nhint: did you mean 'a book'"),
        (Selection(consumers=("library",), interactions=("a title",)), "no interaction is selected"),
    ],
)
def test_a_selection_of_nothing_is_refused(found: LoadedContracts, selection: Selection, message: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        selection.of(found)
    assert message in str(raised.value)


def test_equal_descriptions_are_told_apart_by_their_provider_states(
    configuration: Configuration, tmp_path: Path
) -> None:
    one = a_book_over_http(providerStates=states("a book exists", book="b-1"))
    other = a_book_over_http(providerStates=states("a book exists", book="b-2"))
    contract(tmp_path, one, other, a_book_over_http(providerStates=[]), a_title_over_grpc())
    found = load_contracts(configuration, tmp_path)
    assert [title for _, title in selected(found)] == [
        'a book (given a book exists {"book": "b-1"})',
        'a book (given a book exists {"book": "b-2"})',
        "a book (given nothing)",
        "a title",
    ]
    assert selected(Selection(interactions=("a book (given nothing)",)).of(found)) == [
        ("reader", "a book (given nothing)")
    ]
    assert len(selected(Selection(interactions=("a book",)).of(found))) == 3


def result(interaction: str, outcome: Outcome) -> InteractionResult:
    return InteractionResult("reader", "library", Transport.HTTP, interaction, outcome, Location("a.json", 1))


def test_what_failed_is_remembered_until_it_holds(tmp_path: Path, found: LoadedContracts) -> None:
    memory = tmp_path / ".servanda"
    remember(
        memory,
        [
            result("a book", Outcome.BROKEN),
            result("a title", Outcome.UNKNOWN),
            result("a shelf", Outcome.HELD),
            result("a scroll", Outcome.PENDING),
        ],
    )
    assert failed_before(memory) == {("reader", "library", "a book"), ("reader", "library", "a title")}

    remember(memory, [result("a book", Outcome.HELD)])

    failed = failed_before(memory)
    assert failed == {("reader", "library", "a title")}
    assert selected(Selection(identities=failed).of(found)) == [("reader", "a title")]


@pytest.mark.parametrize("outcomes", [(Outcome.BROKEN, Outcome.HELD), (Outcome.HELD, Outcome.UNKNOWN)])
def test_one_failure_of_several_equal_interactions_is_remembered(
    tmp_path: Path, outcomes: tuple[Outcome, Outcome]
) -> None:
    remember(tmp_path / ".servanda", [result("a book", each) for each in outcomes])

    assert failed_before(tmp_path / ".servanda") == {("reader", "library", "a book")}


def test_all_interactions_of_a_name_that_failed_are_selected(configuration: Configuration, tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        contract(tmp_path / name, a_book_over_http(), a_title_over_grpc())
    both = load_contracts(configuration, tmp_path / "one") + load_contracts(configuration, tmp_path / "other")

    failed = frozenset({("reader", "library", "a book")})

    assert selected(Selection(identities=failed).of(both)) == [("reader", "a book"), ("reader", "a book")]


def test_a_name_that_utf_8_cannot_write_is_remembered(tmp_path: Path) -> None:
    remember(tmp_path / ".servanda", [result("a\ud800", Outcome.BROKEN), result("a book", Outcome.BROKEN)])

    assert ("reader", "library", "a book") in failed_before(tmp_path / ".servanda")

    remember(tmp_path / ".servanda", [result("a title", Outcome.BROKEN)])

    assert {title for _, _, title in failed_before(tmp_path / ".servanda")} >= {"a book", "a title"}


@pytest.mark.parametrize("damaged", [b"", b"{", b'{"a": 1}', b"[[1, 2, 3]]", b"\xff", b"[" * 5000])
def test_a_damaged_file_is_told_and_then_replaced(tmp_path: Path, damaged: bytes) -> None:
    memory = tmp_path / ".servanda"
    memory.mkdir()
    (memory / "failed.json").write_bytes(damaged)
    with pytest.raises(VerificationError, match="what failed is not known"):
        failed_before(memory)

    remember(memory, [result("a book", Outcome.BROKEN)])

    assert failed_before(memory) == {("reader", "library", "a book")}


def test_a_whole_run_forgets_what_is_not_there_any_more(tmp_path: Path) -> None:
    memory = tmp_path / ".servanda"
    remember(memory, [result("the file a.json", Outcome.UNKNOWN)])
    remember(memory, [result("a book", Outcome.HELD)], whole=True)

    with pytest.raises(VerificationError, match="no interaction failed in the last run"):
        failed_before(memory)


def test_failures_that_are_not_in_the_contracts_are_told_as_none(found: LoadedContracts) -> None:
    gone = Selection(identities=frozenset({("reader", "library", "a scroll")}))

    with pytest.raises(ConfigurationError, match="no interaction failed when it was verified last"):
        gone.of(found)


def test_git_ignores_what_is_remembered(tmp_path: Path) -> None:
    remember(tmp_path / ".servanda", [])

    assert (tmp_path / ".servanda" / ".gitignore").is_file()


def test_a_run_in_which_nothing_failed_cannot_be_repeated(tmp_path: Path) -> None:
    with pytest.raises(VerificationError, match="no interaction failed in the last run"):
        failed_before(tmp_path)


def test_contracts_without_interactions_are_no_selection_of_nothing(
    configuration: Configuration, tmp_path: Path
) -> None:
    contract(tmp_path)
    found = load_contracts(configuration, tmp_path)
    assert Selection().of(found) == found
