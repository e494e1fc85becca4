"""Whether a run sees what differs, and only that."""

from __future__ import annotations

import json
import math
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import grpc
import pytest
from google.protobuf.message import Message

from platformkit.status import ServiceError, error_document
from servanda.configuration import AcceptedDifference
from servanda.interfaces.protobuf.usage.routes import Route
from servanda.parity import Aspect, Instance, Parity, Requests, compare_sides
from servanda.parity.beside import TIMEOUT_HEADER, UNKNOWN_NAME
from servanda.parity.call import Call
from servanda.wire import Request, Response
from tests.unit.parity.echo import Faults, OverGrpc, OverHttp, out_of_time

CALLS = 800


NO_FAULTS = Faults()
SKIPPED = AcceptedDifference("*", "unknown fields", "numbers are skipped, names are refused", "refusal")


async def run(
    routes: Sequence[Route],
    faults: Faults = NO_FAULTS,
    *,
    seed: int = 1,
    calls: int = CALLS,
    accepted: Sequence[AcceptedDifference] = (),
) -> Parity:
    instances = [Instance(OverGrpc(), OverHttp(faults)) for _ in range(2)]
    return await compare_sides(Requests(routes, seed), instances, calls, accepted=[SKIPPED, *accepted])


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_service_that_answers_alike_shows_no_difference(routes: Sequence[Route], seed: int) -> None:
    parity = await run(routes, seed=seed)
    assert [(finding.difference, finding.call) for finding in parity.unexpected] == []
    assert sum(tally.accepted for tally in parity.tallies.values()) > CALLS / 4


def message(change: Callable[[Any], None], *fields: str) -> Faults:
    """A fault in a message that has these fields."""

    def changed(read: Message) -> Message:
        if all(name in read.DESCRIPTOR.fields_by_name for name in fields):
            change(read)
        return read

    return Faults(message=changed)


def scalar(name: str, change: Callable[[Any], Any]) -> Faults:
    """A fault in the value of one field."""

    def changed(read: Any) -> None:
        value = change(getattr(read, name))
        if value is None:
            read.ClearField(name)
        else:
            setattr(read, name, value)

    return message(changed, name)


def cleared(name: str, when: Callable[[Any], bool]) -> Faults:
    """A field that is lost when it has some value."""
    return scalar(name, lambda value: None if when(value) else value)


def _reversed(read: Any) -> None:
    items = list(read.strings)[::-1]
    del read.strings[:]
    read.strings.extend(items)


def _without_nanos(read: Any) -> None:
    if read.HasField("time"):
        read.time.nanos = read.time.nanos // 1_000_000 * 1_000_000


def _positive(read: Any) -> None:
    if read.HasField("duration") and read.duration.seconds >= 0:
        read.duration.nanos = abs(read.duration.nanos)


def _lost_inner(read: Any) -> None:
    if read.HasField("inner") and not read.inner.ByteSize():
        read.ClearField("inner")


def _lost_wrapper(read: Any) -> None:
    if read.HasField("wrapped_int32") and not read.wrapped_int32.value:
        read.ClearField("wrapped_int32")


def _lost_choice(read: Any) -> None:
    if read.WhichOneof("choice") == "by_name" and not read.by_name:
        read.ClearField("by_name")


def _short(read: Any) -> None:
    del read.numbers[2:]


def _small_labels(read: Any) -> None:
    for key in list(read.labels):
        value = read.labels.pop(key)
        read.labels[key.lower()] = value


def _whole_numbers(read: Any) -> None:
    if read.HasField("list"):
        for value in read.list.values:
            if value.HasField("number_value"):
                value.number_value = float(int(value.number_value))


def refusal(**changes: Any) -> Faults:
    """A fault in what an error says."""

    def changed(error: ServiceError) -> ServiceError:
        parts: dict[str, Any] = {
            "code": error.code,
            "message": error.message,
            "reason": error.reason,
            "metadata": error.metadata,
            "violations": error.violations,
        } | changes
        return ServiceError(parts.pop("code"), parts.pop("message"), **parts)

    return Faults(refusal=changed)


def _through_a_double(value: int) -> int:
    return max(-(2**63), min(2**63 - 1, int(float(value))))


def _without_custom_name(body: Any) -> Any:
    return {name: value for name, value in body.items() if name != "@custom"} if isinstance(body, dict) else body


def _twice_decoded(request: Request) -> Request:
    path, mark, query = request.target.partition("?")
    return replace(request, target=unquote(path) + mark + query)


def _status(response: Response) -> Response:
    return replace(response, status=500 if response.status == 400 else response.status)


def _always_ok(response: Response) -> Response:
    return replace(response, status=200)


def _deadline_lost(request: Request) -> Request:
    return replace(request, headers=tuple(each for each in request.headers if each[0] != TIMEOUT_HEADER))


def _holds_unknown(request: Request) -> bool:
    return UNKNOWN_NAME in request.target or UNKNOWN_NAME.encode() in request.body


def _broken_by_unknown(request: Request) -> Request:
    if _holds_unknown(request):
        raise ServiceError(grpc.StatusCode.INTERNAL, "oops", reason="INTERNAL")
    return request


def _nothing_beside_unknown(request: Request) -> Request:
    return replace(request, body=b"{}") if UNKNOWN_NAME.encode() in request.body else request


ERROR = {"status": "DEADLINE_EXCEEDED", "message": "Deadline Exceeded"}


def late(document: Any, status: int = 504) -> Faults:
    """A fault in what is said of a request whose time is up."""
    return Faults(late=lambda response: replace(response, status=status, body=json.dumps(document).encode()))


FAULTS = {
    "int64 through a double": (
        scalar("int64_value", _through_a_double),
        "message",
    ),
    "uint64 as signed": (scalar("uint64_value", lambda v: min(v, 2**63 - 1)), "message"),
    "not a number is zero": (scalar("double_value", lambda v: 0.0 if math.isnan(v) else v), "message"),
    "infinity is the largest number": (scalar("float_value", lambda v: 3e38 if v == float("inf") else v), "message"),
    "bytes lose their end": (scalar("bytes_value", lambda v: v[:-1] if len(v) % 3 else v), "message"),
    "bytes of the other alphabet": (scalar("bytes_value", lambda v: v.replace(b"\xff", b"\xfe")), "message"),
    "an empty optional text is absent": (cleared("maybe_string", lambda v: v == ""), "presence"),
    "a false optional is absent": (cleared("maybe_bool", lambda v: v is False), "presence"),
    "an enum of zero is absent": (cleared("maybe_color", lambda v: v == 0), "presence"),
    "an undefined enum number is zero": (scalar("color", lambda v: v if v in {0, 1, -2} else 0), "message"),
    "a negative enum number is lost": (scalar("color", lambda v: max(v, 0)), "message"),
    "the default of a oneof is absent": (message(_lost_choice, "by_name"), "presence"),
    "a wrapped zero is absent": (message(_lost_wrapper, "wrapped_int32"), "presence"),
    "an empty message is absent": (message(_lost_inner, "inner"), "presence"),
    "times are cut to milliseconds": (message(_without_nanos, "time"), "message"),
    "a negative duration turns": (message(_positive, "duration"), "message"),
    "a list is reversed": (message(_reversed, "strings"), "message"),
    "a list is cut": (message(_short, "numbers"), "message"),
    "keys become small": (message(_small_labels, "labels"), "message"),
    "free numbers are whole": (message(_whole_numbers, "list"), "message"),
    "texts are trimmed": (scalar("string_value", str.strip), "message"),
    "texts are normalised": (scalar("string_value", lambda v: unicodedata.normalize("NFKD", v)), "message"),
    "texts are cut at 100": (scalar("string_value", lambda v: v[:5]), "message"),
    "a path is decoded twice": (Faults(request=_twice_decoded), None),
    "a custom JSON name is lost": (
        Faults(document=_without_custom_name),
        "message",
    ),
    "an error loses its details": (refusal(violations=()), "details"),
    "an error has another reason": (refusal(reason="OTHER"), "details"),
    "an error has another text": (refusal(message="no"), "error text"),
    "an error has another code": (refusal(code=grpc.StatusCode.INTERNAL), "status"),
    "an error has another HTTP status": (Faults(response=_status), "HTTP status"),
    "an error is a success": (Faults(response=_always_ok), "form"),
    "metadata is lost": (Faults(response=lambda response: replace(response, headers=())), "metadata"),
    "a deadline is lost on the way": (Faults(request=_deadline_lost), "deadlines"),
    "a call that is late has another text": (late({"error": {**ERROR, "message": "no"}}), "deadlines"),
    "a call that is late has another code": (late({"error": {**ERROR, "status": "CANCELLED"}}, 499), "deadlines"),
    "a call that is late has another HTTP status": (late(error_document(out_of_time()), 408), "deadlines"),
    "a call that is late has details": (late({"error": {**ERROR, "details": [{"@type": "x"}]}}), "deadlines"),
    "a call that is late has no document": (Faults(late=lambda response: replace(response, body=b"late")), "deadlines"),
    "an unknown field is a defect": (Faults(request=_broken_by_unknown), "unknown fields"),
    "an unknown field hides the others": (Faults(request=_nothing_beside_unknown), "unknown fields"),
    "the body is no JSON": (
        Faults(response=lambda response: replace(response, body=b"oops") if response.status != 200 else response),
        "form",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_on_the_way_is_found_and_named(routes: Sequence[Route], name: str) -> None:
    faults, aspect = FAULTS[name]
    found: set[str] = set()
    for seed in range(1, 25):
        parity = await run(routes, faults, seed=seed, calls=150)
        found |= {str(finding.difference.aspect) for finding in parity.unexpected}
        if found and (aspect is None or aspect in found):
            return
    raise AssertionError(f"not found: {aspect}, but {found}")


async def test_a_difference_is_shown_by_the_smallest_call(routes: Sequence[Route]) -> None:
    fault = FAULTS["an empty optional text is absent"][0]
    parities = [await run(routes, fault, seed=seed, calls=300) for seed in range(1, 4)]
    findings = [finding for parity in parities for finding in parity.findings]
    shown = [each for each in findings if each.difference.path.endswith("maybe_string")]
    assert shown
    assert {name for each in shown for name in (kind.name for kind, _ in each.call.grpc.ListFields())} <= {
        "id",
        "maybe_string",
        "everything",
    }
    assert all(each.repeats for each in shown)


async def test_an_accepted_difference_is_told_with_its_reason_and_counts_no_more(routes: Sequence[Route]) -> None:
    accepted = AcceptedDifference("test.kinds.v1.*", "error text", "prose is for people")
    parity = await run(routes, refusal(message="no"), accepted=[accepted])
    assert parity.unexpected == ()
    assert {finding.accepted for finding in parity.findings} == {"prose is for people", SKIPPED.reason}


def _later(error: ServiceError) -> ServiceError:
    """Tell of a negative number as a clock that is behind; and of a very negative one, something else."""
    message = "-9 is negative" if error.metadata.get("value") != str(-(2**31)) else "no"
    metadata = {"value": "-9"} if error.metadata else {}
    return ServiceError(
        error.code,
        message if metadata else error.message,
        reason=error.reason,
        metadata=metadata,
        violations=error.violations,
    )


CLOCKS = (
    AcceptedDifference("*", "error text", "of a clock", value="* is negative"),
    AcceptedDifference("*", "details", "of a clock", "ErrorInfo.metadata.value"),
)


async def test_a_difference_that_is_accepted_hides_no_other_one_at_its_place(routes: Sequence[Route]) -> None:
    parity = await run(routes, Faults(refusal=_later), accepted=CLOCKS)
    assert {(each.difference.aspect, each.difference.http) for each in parity.unexpected} == {("error text", "no")}
    accepted = {(each.difference.aspect, each.difference.path) for each in parity.findings if each.accepted}
    assert {("error text", ""), ("details", "ErrorInfo.metadata.value")} <= accepted


async def test_details_differ_member_by_member(routes: Sequence[Route]) -> None:
    parity = await run(routes, refusal(reason="OTHER", metadata={"value": "-9"}), accepted=CLOCKS)
    paths = {each.difference.path for each in parity.unexpected if each.difference.aspect == "details"}
    assert paths == {"ErrorInfo.reason"}


async def test_later_calls_ask_for_what_an_accepted_request_held(routes: Sequence[Route]) -> None:
    # The answer over HTTP leaves this field out: no more than the request tells what it was.
    patched = [route for route in routes if route.method.name == "One"]
    requests = Requests(patched, 1)
    instances = [Instance(OverGrpc(), OverHttp(NO_FAULTS)) for _ in range(2)]
    await compare_sides(requests, instances, 100, accepted=[SKIPPED])
    told = [requests.identifiers.some("note", requests.source) for _ in range(50)]
    assert any(pair is not None and pair[0] == pair[1] != "" for pair in told)


async def test_the_same_seed_makes_the_same_calls(routes: Sequence[Route]) -> None:
    first, second = Requests(routes, 5), Requests(routes, 5)
    calls = [(first.call(number), second.call(number)) for number in range(200)]
    assert [one.route for one, _ in calls] == [two.route for _, two in calls]
    assert [one.spelling for one, _ in calls] == [two.spelling for _, two in calls]
    # By their bytes: a message with a number that is none differs from itself.
    assert [_bytes(one) for one, _ in calls] == [_bytes(two) for _, two in calls]


async def test_no_moment_in_a_list_depends_on_the_clock(routes: Sequence[Route]) -> None:
    requests = Requests(routes, 5)
    calls = [requests.call(number).grpc for number in range(1_000)]
    seconds = {moment.seconds for call in calls for moment in getattr(call, "times", ())}
    assert len(seconds) > 3
    assert [each for each in seconds if abs(each - time.time()) < 10 * 86_400] == []


def _bytes(call: Call) -> bytes:
    return call.grpc.SerializeToString(deterministic=True)


async def test_what_http_has_no_form_for_is_counted_and_sent_to_nobody(routes: Sequence[Route]) -> None:
    parity = await run(routes)
    assert sum(tally.inexpressible for tally in parity.tallies.values()) > 0


def test_every_aspect_is_seen_by_some_fault() -> None:
    assert {aspect for _, aspect in FAULTS.values() if aspect} == set(map(str, Aspect))
