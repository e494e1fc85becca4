"""Observed messages: what is read through them is noted, and nothing else."""

from collections.abc import Callable, Iterator
from concurrent import futures
from typing import Any

import grpc
import pytest
from google.protobuf import json_format
from google.protobuf.json_format import MessageToDict
from plt.identity.v1 import identity_pb2, identity_pb2_grpc

from servanda.errors import ConfigurationError
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.pact.descriptors import message_class
from servanda.recording.usage.messages import unwrap
from servanda.recording.usage.recorder import UsageRecorder
from servanda.verdict import Transport

USER = identity_pb2.User(
    email="ada@example.org",
    status=identity_pb2.USER_STATUS_ACTIVE,
    profile=identity_pb2.Profile(display_name="Ada"),
    roles=[identity_pb2.ROLE_ADMIN],
    labels={"team": "core"},
)
PREFIX = "plt.identity.v1."


@pytest.fixture
def recorder() -> UsageRecorder:
    return UsageRecorder("app")


def noted(recorder: UsageRecorder) -> set[str]:
    return {read.element.removeprefix(PREFIX) for read in recorder.reads} - {"User"}


def test_a_field_that_is_read_is_noted(recorder: UsageRecorder) -> None:
    user = recorder.in_test("t")(USER)

    assert user.email == "ada@example.org"
    assert noted(recorder) == {"User.email"}


def test_fields_of_fields_are_noted(recorder: UsageRecorder) -> None:
    user = recorder.in_test("t")(USER)

    assert user.profile.display_name == "Ada"
    assert noted(recorder) == {"User.profile", "Profile", "Profile.display_name"}


def test_the_value_of_an_enum_is_noted(recorder: UsageRecorder) -> None:
    user = recorder.in_test("t")(USER)

    assert user.status == identity_pb2.USER_STATUS_ACTIVE
    assert noted(recorder) == {"User.status", "UserStatus", "UserStatus.USER_STATUS_ACTIVE"}


def test_elements_of_repeated_fields_are_observed(recorder: UsageRecorder) -> None:
    page = recorder.in_test("t")(identity_pb2.ListUsersResponse(users=[USER, USER]))

    assert [user.email for user in page.users] == [USER.email] * 2
    assert noted(recorder) >= {"ListUsersResponse.users", "User.email"}


def test_a_map_is_a_map(recorder: UsageRecorder) -> None:
    user = recorder.in_test("t")(USER)

    assert dict(user.labels) == {"team": "core"}
    assert noted(recorder) == {"User.labels"}


def test_asking_whether_a_field_is_set_is_reading_it(recorder: UsageRecorder) -> None:
    user = recorder.in_test("t")(USER)

    assert user.HasField("profile")
    assert noted(recorder) == {"User.profile"}


@pytest.mark.parametrize(
    "hand_on",
    [
        pytest.param(lambda user: user.SerializeToString(), id="serialised"),
        pytest.param(MessageToDict, id="as JSON"),
        pytest.param(lambda user: user == USER, id="compared"),
        pytest.param(unwrap, id="given to a library"),
    ],
)
def test_a_message_that_is_handed_on_is_read_as_a_whole(
    recorder: UsageRecorder, hand_on: Callable[[identity_pb2.User], object]
) -> None:
    hand_on(recorder.in_test("t")(USER))

    assert noted(recorder) >= {"User.email", "User.etag", "Profile.locale"}


def test_looking_at_a_message_while_debugging_reads_nothing(recorder: UsageRecorder) -> None:
    user = recorder.in_test("t")(USER)

    assert str(user) == str(USER)
    assert noted(recorder) == set()


def test_an_observed_message_passes_for_the_message(recorder: UsageRecorder) -> None:
    user = recorder.in_test("t")(USER)

    assert isinstance(user, identity_pb2.User)
    assert unwrap(user) is USER
    assert unwrap(USER) is USER


def test_the_test_is_noted(recorder: UsageRecorder) -> None:
    assert recorder.in_test("test_app.py::test_a").__call__(USER).etag == ""

    assert {read.test for read in recorder.reads} == {"test_app.py::test_a"}


ASKED = identity_pb2.GetUserRequest(user_id="u-1")
SENT = {"IdentityService", "IdentityService.GetUser", "GetUserRequest", "GetUserRequest.user_id"}


def sent(recorder: UsageRecorder) -> set[str]:
    return {each.element.removeprefix(PREFIX) for each in recorder.writes or ()}


def answer_with_the_user(request: bytes, context: grpc.ServicerContext) -> bytes:
    return identity_pb2.GetUserResponse(user=USER).SerializeToString()


@pytest.fixture
def address() -> Iterator[str]:
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=1))
    handlers: dict[str, grpc.RpcMethodHandler[bytes, bytes]] = {
        "GetUser": grpc.unary_unary_rpc_method_handler(answer_with_the_user)
    }
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("plt.identity.v1.IdentityService", handlers)])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None).wait()


def test_responses_over_a_channel_arrive_observed(recorder: UsageRecorder, address: str) -> None:
    with grpc.insecure_channel(address) as channel:
        stub = identity_pb2_grpc.IdentityServiceStub(recorder.in_test("t").channel(channel))
        answer = stub.GetUser(ASKED)

        assert answer.user.email == "ada@example.org"
    assert "User.email" in noted(recorder)
    assert sent(recorder) == SENT


async def test_responses_over_an_asynchronous_channel_arrive_observed(recorder: UsageRecorder, address: str) -> None:
    async with grpc.aio.insecure_channel(address, interceptors=recorder.in_test("t").interceptors()) as channel:
        answer = await identity_pb2_grpc.IdentityServiceStub(channel).GetUser(ASKED)

        assert answer.user.email == "ada@example.org"
    assert "User.email" in noted(recorder)
    assert sent(recorder) == SENT


async def test_responses_over_any_asynchronous_channel_arrive_observed(recorder: UsageRecorder, address: str) -> None:
    async with recorder.in_test("t").aio_channel(grpc.aio.insecure_channel(address), Transport.HTTP) as channel:
        call = identity_pb2_grpc.IdentityServiceStub(channel).GetUser(ASKED, timeout=5)
        answer = await call

        assert answer.user.email == "ada@example.org"
        assert await call.code() is grpc.StatusCode.OK
    assert "User.email" in noted(recorder)
    assert sent(recorder) == SENT
    assert {each.transport for each in (*recorder.reads, *(recorder.writes or ()))} == {Transport.HTTP}


async def test_a_stream_that_nobody_would_watch_is_refused(recorder: UsageRecorder) -> None:
    async with recorder.in_test("t").aio_channel(grpc.aio.insecure_channel("127.0.0.1:1")) as channel:
        watch: Any = channel.unary_stream("/shop.v1.Shop/Watch")

        with pytest.raises(ConfigurationError, match="streams are not observed"):
            watch(ASKED)


def test_of_a_call_over_http_the_path_is_told_from_the_rest(interface: Catalogue) -> None:
    recorder = UsageRecorder("app", lambda: interface)
    request = message_class(interface.methods["shop.v1.Shop.UpdateOrder"].input_type)()
    json_format.ParseDict({"order": {"order_id": "orders/7", "note": "ring"}}, request)

    recorder.in_test("t").sent(request, Transport.HTTP, method="/shop.v1.Shop/UpdateOrder")

    placed = {each.element: each.placed for each in recorder.writes or ()}
    assert (placed["shop.v1.Order.order_id"], placed["shop.v1.Order.note"]) == (True, False)


def test_what_is_sent_is_unknown_until_somebody_notes_it(recorder: UsageRecorder) -> None:
    recorder.in_test("t")(USER)

    assert recorder.writes is None


def test_a_consumer_may_say_that_it_sends_nothing(recorder: UsageRecorder) -> None:
    recorder.in_test("t").sends_nothing()

    assert recorder.writes == set()
