"""Provider states over HTTP."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from servanda.configuration import Limits, Service
from servanda.errors import ConfigurationError
from servanda.pact import ProviderState
from servanda.supervision import Placeholders, ServiceHandle, System
from servanda.verdict import ReasonKind, Transport
from servanda.verification.state_url import StateUrl
from servanda.verification.states import StateError, States, open_states
from tests.unit.verification.handles import Handle

LIMITS = Limits(state_seconds=0.5, answer_bytes=1000)


@dataclass
class Provider:
    """Keeps what it was asked, and answers as a test says."""

    port: int = 0
    asked: list[tuple[Mapping[str, Any], str]] = field(default_factory=list)
    answer: Callable[[Mapping[str, Any]], Awaitable[web.Response]] | None = None

    async def serve(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.asked.append((body, request.headers.get("Authorization", "")))
        return await self.answer(body) if self.answer else web.Response()

    def system(self, states_url: str, **more: Any) -> System[ServiceHandle]:
        service = Service("shop", ("run",), states_url=states_url, transports={Transport.HTTP: "web"}, **more)
        handle = Handle(service, {"TOKEN": "t0p"}, ports={"web": self.port})
        return System({handle.instance: handle}, Placeholders({}))


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    found = Provider()
    app = web.Application()
    app.router.add_post("/states", found.serve)
    # Whoever never answers ends when nobody waits any more.
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.port = runner.addresses[0][1]
    yield found
    await runner.cleanup()


def answers(document: object, status: int = 200) -> Callable[[Mapping[str, Any]], Awaitable[web.Response]]:
    async def answer(_: Mapping[str, Any]) -> web.Response:
        return web.json_response(document, status=status)

    return answer


@pytest.mark.parametrize("url", ["/states", "http://127.0.0.1:{port.web}/states"])
async def test_a_state_is_set_up_and_torn_down_in_the_form_of_the_ecosystem(provider: Provider, url: str) -> None:
    provider.answer = answers({"id": 7})
    wanted = [ProviderState("an order exists", {"size": 2}), ProviderState("a user exists")]
    async with open_states(provider.system(url), ["shop"], LIMITS) as states:
        assert await states["shop"].establish(wanted, 1) == {"size": 2, "id": 7}
        assert await states["shop"].tear_down(wanted) == ()
    assert [(each["action"], each["state"], each["params"]) for each, _ in provider.asked] == [
        ("setup", "an order exists", {"size": 2}),
        ("setup", "a user exists", {}),
        ("teardown", "a user exists", {}),
        ("teardown", "an order exists", {"size": 2}),
    ]


async def test_an_interaction_without_a_state_is_announced_with_an_empty_name(provider: Provider) -> None:
    provider.answer = answers({"id": 7})
    async with open_states(provider.system("/states"), ["shop"], LIMITS) as states:
        assert await states["shop"].establish([], 1) == {"id": 7}
        assert await states["shop"].tear_down([]) == ()
    assert [(each["action"], each["state"]) for each, _ in provider.asked] == [("setup", ""), ("teardown", "")]


async def test_a_url_that_knows_no_empty_name_is_asked_once(provider: Provider) -> None:
    provider.answer = answers({"error": "no such state"}, 404)
    async with open_states(provider.system("/states"), ["shop"], LIMITS) as states:
        for _ in range(2):
            assert await states["shop"].establish([], 1) == {}
            assert await states["shop"].tear_down([]) == ()
    assert len(provider.asked) == 1


async def test_of_a_state_that_fails_those_before_it_are_named(provider: Provider) -> None:
    async def answer(body: Mapping[str, Any]) -> web.Response:
        return web.Response(status=500 if body["state"] == "b" else 200)

    provider.answer = answer
    wanted = [ProviderState("a"), ProviderState("b"), ProviderState("c")]
    async with open_states(provider.system("/states"), ["shop"], LIMITS) as states:
        with pytest.raises(StateError) as raised:
            await states["shop"].establish(wanted, 1)
    assert [state.name for state in raised.value.before] == ["a"]


@pytest.mark.parametrize("text", ["", "done", "[1]", "null"])
async def test_an_answer_that_is_no_object_gives_no_values(provider: Provider, text: str) -> None:
    async def answer(_: Mapping[str, Any]) -> web.Response:
        return web.Response(text=text)

    provider.answer = answer
    async with open_states(provider.system("/states"), ["shop"], LIMITS) as states:
        assert await states["shop"].establish([ProviderState("a")], 1) == {}


async def test_a_handler_comes_before_the_url(provider: Provider) -> None:
    async def handler(params: Mapping[str, object]) -> Mapping[str, object]:
        return {"by": "handler"}

    async with open_states(provider.system("/states"), ["shop"], LIMITS) as opened:
        states = States({"a": handler}, url=opened["shop"].url)
        assert await states.establish([ProviderState("a"), ProviderState("b")], 1) == {"by": "handler"}
        await states.tear_down([ProviderState("a"), ProviderState("b")])
    assert [(each["action"], each["state"]) for each, _ in provider.asked] == [("setup", "b"), ("teardown", "b")]


async def hangs(_: Mapping[str, Any]) -> web.Response:
    await asyncio.Event().wait()
    raise AssertionError


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (answers({"error": "no such state"}, 404), 'answered 404: {"error": "no such state"}'),
        (answers("x" * 2000), "answered more than the limit of 1000 bytes"),
        (hangs, "did not answer within 0.5 s"),
    ],
)
async def test_a_url_that_does_not_make_a_state_true_fails_it(
    provider: Provider, answer: Callable[[Mapping[str, Any]], Awaitable[web.Response]], message: str
) -> None:
    provider.answer = answer
    async with open_states(provider.system("/states"), ["shop"], LIMITS) as states:
        with pytest.raises(StateError) as raised:
            await states["shop"].establish([ProviderState("a")], 1)
        (torn,) = await states["shop"].tear_down([ProviderState("a")])
    assert raised.value.reason.kind is torn.kind is ReasonKind.STATE_FAILED
    assert raised.value.reason.message.startswith("the provider state 'a' failed: http://127.0.0.1:")
    assert message in raised.value.reason.message
    assert "the provider state 'a' could not be undone: http://127.0.0.1:" in torn.message


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://127.0.0.1:{port.grpc}/states", "unknown placeholder '{port.grpc}'"),
        ("states", "'states' is no URL"),
    ],
)
async def test_a_url_that_cannot_be_meant_fails_the_states_that_need_it(
    provider: Provider, url: str, message: str
) -> None:
    async with open_states(provider.system(url), ["shop"], LIMITS) as states:
        with pytest.raises(StateError) as raised:
            await states["shop"].establish([ProviderState("a")], 1)
        assert await states["shop"].establish([], 1) == {}
    assert message in raised.value.reason.message


async def test_credentials_go_to_the_provider_alone(provider: Provider) -> None:
    headers = {"Authorization": "Bearer {env.TOKEN}"}
    other = Provider(port=1)
    for system in (
        provider.system("/states", headers=headers),
        other.system(f"http://127.0.0.1:{provider.port}/states", headers=headers),
    ):
        async with open_states(system, ["shop"], LIMITS) as states:
            await states["shop"].establish([ProviderState("a")], 1)
    assert [sent for _, sent in provider.asked] == ["Bearer t0p", ""]


async def test_a_secret_that_is_not_set_is_named(provider: Provider) -> None:
    system = provider.system("/states", headers={"Authorization": "Bearer {env.NO_SUCH_TOKEN}"})
    async with open_states(system, ["shop"], LIMITS) as states:
        (failure,) = states["shop"].failures
    assert "the environment variable NO_SUCH_TOKEN is not set" in failure.message
    assert ConfigurationError.__name__ not in failure.message


async def test_a_connection_that_was_closed_after_an_answer_costs_no_state() -> None:
    closed: asyncio.Queue[None] = asyncio.Queue()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"}")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        await reader.read(1)  # of the next request, which is not answered
        writer.close()
        closed.put_nowait(None)

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = StateUrl(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/states", LIMITS)
        told = [await url.set_up(ProviderState(name)) for name in ("a", "b")]
        await url.close()
        for _ in told:
            await closed.get()
    assert told == [{}, {}]


async def test_values_of_a_server_that_compresses_are_read(provider: Provider) -> None:
    async def compressed(_: Mapping[str, Any]) -> web.Response:
        answer = web.json_response({"id": 7})
        answer.enable_compression()  # as the request allows
        return answer

    provider.answer = compressed
    async with open_states(provider.system("/states"), ["shop"], LIMITS) as states:
        assert await states["shop"].establish([ProviderState("a book")], 5) == {"id": 7}


DEEP = '{"a": ' + "[" * 5000 + "]" * 5000 + "}"
CODED = gzip.compress(b'{"id": 7}')


@pytest.mark.parametrize("name", ["a", ""])
@pytest.mark.parametrize(
    ("body", "headers", "why"),
    [
        pytest.param(b'{"id": NaN}', {}, "it is no JSON: NaN is no JSON", id="NaN"),
        pytest.param(b'{"id": 7', {}, "it is no JSON: ", id="cut off"),
        pytest.param(b"oops", {"Content-Type": "application/json"}, "it is no JSON: ", id="said to be JSON"),
        pytest.param(DEEP.encode(), {}, "nested more than ", id="deep"),
        pytest.param(CODED, {"Content-Encoding": "x-own"}, "it has the content coding x-own", id="coded"),
        pytest.param(CODED, {}, "it is no text in utf-8", id="coded in secret"),
        pytest.param('{"name": "é"}'.encode("latin-1"), {}, "it is no text in utf-8", id="another charset"),
        pytest.param(b"{}", {"Content-Type": "text/plain; charset=no"}, "it is no text in no", id="unknown charset"),
    ],
)
async def test_a_state_fails_whose_answer_cannot_be_read(
    provider: Provider, name: str, body: bytes, headers: dict[str, str], why: str
) -> None:
    async def answer(_: Mapping[str, Any]) -> web.Response:
        return web.Response(body=body, headers=headers)

    provider.answer = answer
    limits = Limits(state_seconds=0.5, answer_bytes=50_000)
    async with open_states(provider.system("/states"), ["shop"], limits) as states:
        with pytest.raises(StateError) as raised:
            await states["shop"].establish([ProviderState(name)] if name else [], 1)
    assert raised.value.reason.kind is ReasonKind.STATE_FAILED
    assert f"answered what cannot be read: {why}" in raised.value.reason.message


async def test_values_in_the_charset_that_is_declared_are_read(provider: Provider) -> None:
    async def answer(_: Mapping[str, Any]) -> web.Response:
        return web.Response(text='{"name": "é"}', content_type="application/json", charset="iso-8859-1")

    provider.answer = answer
    async with open_states(provider.system("/states"), ["shop"], LIMITS) as states:
        assert await states["shop"].establish([ProviderState("a")], 1) == {"name": "é"}
