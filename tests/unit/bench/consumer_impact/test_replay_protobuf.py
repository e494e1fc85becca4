"""What the replay says of recorded interactions whose provider has other protobuf definitions."""

from collections.abc import Callable, Mapping

import pytest

from bench.consumer_impact.replay import judge
from bench.consumer_impact.replay.projection import Meaning
from bench.consumer_impact.scenario import interactions, scenario
from bench.consumer_impact.scenario.scenario import Scenario

CATALOGUE = "proto/lib/catalogue/v1/catalogue.proto"
LENDING = "proto/lib/lending/v1/lending.proto"
EVENTS = "proto/lib/lending/v1/events.proto"
MEMBERS = "proto/lib/members/v1/members.proto"

Broken = Callable[..., set[str]]


@pytest.fixture
def broken(library: Scenario) -> Broken:
    """Names of the interactions that break by replacements in a file."""

    def replayed(file: str, *pairs: tuple[str, str], moved: Mapping[str, str] | None = None) -> set[str]:
        files = dict(library.files)
        for former, now in pairs:
            assert files[file].count(former) == 1
            files[file] = files[file].replace(former, now)
        after, meaning = scenario.compiled(files), Meaning(moved or {})
        recorded = interactions.recorded(library.parties)
        return {each.name for each in recorded if judge.breaks(each, library.state, after, meaning)}

    return replayed


def test_nothing_breaks_without_a_change(library: Scenario) -> None:
    recorded = interactions.recorded(library.parties)

    assert [each.name for each in recorded if judge.breaks(each, library.state, library.state, Meaning())] == []


def test_a_value_that_is_left_out_is_refused_as_its_zero_value(broken: Broken) -> None:
    edit = ("string remark = 3;", "string remark = 3 [(buf.validate.field).string.min_len = 1];")

    assert broken(CATALOGUE, edit) == {"a book is added", "a score is added"}


def test_a_value_that_is_sent_and_accepted_breaks_nothing(broken: Broken) -> None:
    assert broken(LENDING, ("int32 days = 3;", "int32 days = 3 [(buf.validate.field).int32.lte = 14];")) == set()
    assert broken(LENDING, ("int32 days = 3;", "int32 days = 3 [(buf.validate.field).int32.lt = 14];")) == {
        "a book is lent"
    }


def test_a_request_that_is_to_be_refused_may_be_refused_for_more(broken: Broken) -> None:
    edit = ("int32 loans = 9;", "int32 loans = 9 [(buf.validate.field).int32.lte = 2];")

    assert broken(MEMBERS, edit) == set()


def test_a_required_field_that_is_left_out_is_refused(broken: Broken) -> None:
    edit = ("string desk = 4;", "string desk = 4 [(google.api.field_behavior) = REQUIRED];")

    assert broken(LENDING, edit) == {"a book is lent"}


def test_an_rpc_with_another_name_is_missed_by_its_path_and_not_by_its_route(broken: Broken) -> None:
    names = {"lib.catalogue.v1.CatalogueService.GetBook": "lib.catalogue.v1.CatalogueService.FetchBook"}

    assert broken(CATALOGUE, ("rpc GetBook(", "rpc FetchBook("), moved=names) == {"a book to lend"}


def test_a_field_with_another_name_is_missed_in_json_only(broken: Broken) -> None:
    names = {"lib.catalogue.v1.ListBooksResponse.total": "lib.catalogue.v1.ListBooksResponse.count"}
    copies = {"lib.catalogue.v1.Book.copies": "lib.catalogue.v1.Book.stock"}

    assert broken(CATALOGUE, ("int32 total = 3;", "int32 count = 3;"), moved=names) == {"novels are listed"}
    assert broken(CATALOGUE, ("int64 copies = 8;", "int64 stock = 8;"), moved=copies) == {"a book is shown"}


def test_a_whole_number_of_64_bits_is_text_in_json_and_none_in_bytes(broken: Broken) -> None:
    edit = ("int64 copies = 8;", "string copies = 8;")

    assert broken(CATALOGUE, edit) == {"a book to lend", "a copy is lent"}


def test_an_enum_is_a_name_in_json_and_a_number_in_bytes(broken: Broken) -> None:
    edit = ("  Genre genre = 3;\n  Author", "  int32 genre = 3;\n  Author")

    assert broken(CATALOGUE, edit) == {"a book is shown", "a book is added"}


def test_a_query_is_text_that_any_type_may_be_read_from(broken: Broken) -> None:
    assert broken(CATALOGUE, ("int32 page_size = 1;", "string page_size = 1;")) == set()
    assert broken(CATALOGUE, ("int32 page_size = 1;", "bool page_size = 1;")) == {"novels are listed"}


def test_a_number_that_now_stands_for_another_field_breaks_who_reads_bytes(broken: Broken) -> None:
    edit = ("  string book_id = 2;\n  string member_id = 3;", "  string book_id = 3;\n  string member_id = 2;")

    assert broken(LENDING, edit) == {"a loan is counted", "a bill"}


def test_what_is_only_taken_is_never_answered(broken: Broken) -> None:
    edit = ("Fine fine = 7;", "Fine fine = 7 [(google.api.field_behavior) = INPUT_ONLY];")

    assert broken(LENDING, edit) == {"a book comes back", "a bill"}


def test_what_is_only_answered_is_ignored_in_requests(broken: Broken) -> None:
    edit = ("int32 pages = 7;", "int32 pages = 7 [(google.api.field_behavior) = OUTPUT_ONLY];")

    assert broken(CATALOGUE, edit) == {"a book is added"}


def test_a_route_that_is_gone_breaks_who_takes_it(broken: Broken) -> None:
    edit = (' additional_bindings {get: "/v1/members/{member_id}/loans/{loan_id}"}', "")

    assert broken(LENDING, edit) == {"the loan of a member"}


@pytest.mark.parametrize(
    ("former", "now"),
    [
        ('{topic: "lib.members.member.v1" key: "member.', '{topic: "elsewhere" key: "member.'),
        ("message MemberJoined {", "message Joined {"),
    ],
)
def test_an_event_with_another_topic_or_type_breaks_who_names_them(broken: Broken, former: str, now: str) -> None:
    assert broken(MEMBERS, (former, now)) == {"a member is counted", "a welcome"}


def test_another_key_breaks_who_names_the_key(broken: Broken) -> None:
    assert broken(MEMBERS, ('key: "member.member_id"', 'key: "member.email"')) == {"a member is counted"}


def test_a_header_that_is_gone_breaks_who_names_it(broken: Broken) -> None:
    option = 'message BookLent {\n  option (lib.event.v1.event) = {topic: "lib.lending.loan.v1" key: "loan.loan_id"'

    assert broken(EVENTS, (f'{option} headers: "requestid"', option)) == {"a loan is counted"}
