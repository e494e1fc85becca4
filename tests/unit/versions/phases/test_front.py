"""The one address of several instances."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx2
import pytest
from aiohttp import web

from servanda.versions.oracle import Answer, Passed, Question
from servanda.versions.phases.asking import Asking
from servanda.versions.phases.front import Front


@pytest.fixture
async def front() -> AsyncIterator[Front]:
    """A front of two instances, which tell their names, and fail where they are asked to."""
    found = Front(10)
    await found.start()
    async with AsyncExitStack() as stack:
        addresses = []
        for name in ("one", "two"):

            async def answer(request: web.BaseRequest, name: str = name) -> web.Response:
                status = 500 if request.path == "/broken" else 200
                told = {"name": name, "path": request.path, "trace": request.headers["traceparent"]}
                return web.json_response(told, status=status)

            runner = web.ServerRunner(web.Server(answer))
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            addresses.append(f"127.0.0.1:{runner.addresses[0][1]}")
        found.lead_to(addresses)
        yield found
        await found.stop()


async def ask(front: Front, method: str, path: str, **headers: str) -> httpx2.Response:
    async with httpx2.AsyncClient(trust_env=False) as client:
        sent = {"Authorization": "me", "X-Other": "1", **headers}
        return await client.request(method, f"{front.url}{path}", headers=sent)


async def test_instances_are_asked_in_turn(front: Front) -> None:
    names = {(await ask(front, "GET", "/a")).json()["name"] for _ in range(2)}
    assert names == {"one", "two"}


async def test_what_was_asked_and_answered_well_is_noted_once(front: Front) -> None:
    for method, path in (("GET", "/a?b=1"), ("GET", "/a?b=1"), ("POST", "/c"), ("GET", "/broken"), ("POST", "/broken")):
        await ask(front, method, path)
    passed = front.taken()
    assert [(each.target, dict(each.headers)["authorization"]) for each in passed.questions] == [("/a?b=1", "me")]
    assert passed.errors == (("GET /broken", 500), ("POST /broken", 500))
    assert [each.title for each in passed.writes] == ["POST /c"]
    assert front.taken() == Passed()


async def test_each_write_begins_a_trace_of_its_own(front: Front) -> None:
    seen = [(await ask(front, "POST", "/c")).json()["trace"] for _ in range(2)]
    assert [parent.split("-")[1] for parent in seen] == [each.trace for each in front.taken().writes]
    assert len(set(seen)) == 2


async def test_the_trace_of_a_caller_is_kept(front: Front) -> None:
    parent = "00-11112222333344445555666677778888-1111222233334444-01"
    assert (await ask(front, "POST", "/c", traceparent=parent)).json()["trace"] == parent
    assert [each.trace for each in front.taken().writes] == ["11112222333344445555666677778888"]


async def test_a_request_that_nobody_answers_is_an_error(front: Front) -> None:
    front.lead_to(["127.0.0.1:9"])
    assert (await ask(front, "GET", "/a")).status_code == 502
    assert [status for _, status in front.taken().errors] == [502]


async def test_every_instance_is_asked_again(front: Front) -> None:
    found = await Asking(front.url, 10).answers([Question("/a")], 4)
    (answers,) = found.values()
    assert {answer.body["name"] for answer in answers} == {"one", "two"}


async def test_two_answers_that_never_agree_are_both_told(front: Front) -> None:
    found = await Asking(front.url, 10).settled([Question("/a")])
    first, second = found[Question("/a")]
    assert first != second


async def test_nobody_there_is_an_answer_of_its_own() -> None:
    found = await Asking("http://127.0.0.1:9", 10).answers([Question("/a")], 1)
    (answer,) = found[Question("/a")]
    assert isinstance(answer, Answer)
    assert (answer.status, answer.is_good) == (502, False)


async def test_a_question_that_instances_answer_differently_is_asked_in_two_rounds(front: Front) -> None:
    disputed = await Asking(front.url, 5).disputed([Question("/a")], 4)
    assert [{answer.body["name"] for answer in answers} for answers in disputed[Question("/a")]] == [{"one", "two"}] * 2


async def test_a_question_that_all_answer_alike_is_not_disputed(front: Front) -> None:
    assert await Asking(front.url, 5).disputed([Question("/a")], 1) == {}


class Crowd:
    """An instance that notes how many requests it has at once, when each of them comes."""

    def __init__(self) -> None:
        self.now = 0
        self.numbers: list[int] = []

    async def answer(self, _: web.BaseRequest) -> web.Response:
        self.now += 1
        self.numbers.append(self.now)
        # So many turns of the loop that others come meanwhile, if they may.
        for _turn in range(50):
            await asyncio.sleep(0)
        self.now -= 1
        return web.json_response({})


@pytest.fixture
async def crowd() -> AsyncIterator[tuple[Crowd, str]]:
    found = Crowd()
    runner = web.ServerRunner(web.Server(found.answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield found, f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_no_more_than_eight_requests_are_on_the_way_at_once(crowd: tuple[Crowd, str]) -> None:
    seen, url = crowd
    await Asking(url, 10).answers([Question(f"/{number}") for number in range(20)], 4)
    assert (len(seen.numbers), max(seen.numbers)) == (80, 8)


async def test_instances_that_may_have_just_started_are_asked_one_question_alone_at_first(
    crowd: tuple[Crowd, str],
) -> None:
    seen, url = crowd
    found = await Asking(url, 10).first_answers([Question(f"/{number}") for number in range(20)], 2)
    assert (len(found), len(seen.numbers), seen.numbers[:2]) == (20, 42, [1, 1])
    assert max(seen.numbers) > 1
