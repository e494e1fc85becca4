"""Asking questions again, several times at once, so that every instance behind an address is asked."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

import aiohttp
from yarl import URL

from servanda.versions.oracle import Answer, Question
from servanda.versions.oracle.answer import answer_of

_AT_ONCE: Final = 8
_TRIES: Final = 6
_PAUSE_SECONDS: Final = 0.5
_NOBODY: Final = 502
_Rounds: TypeAlias = tuple[tuple[Answer, ...], tuple[Answer, ...]]


class Asking:
    """Asks through one address.

    Args:
        url: The address.
        seconds: How long an answer may take.
    """

    def __init__(self, url: str, seconds: float) -> None:
        self._url = url
        self._timeout = aiohttp.ClientTimeout(total=seconds)

    async def answers(self, questions: Iterable[Question], times: int) -> Mapping[Question, tuple[Answer, ...]]:
        """Return so many answers to each question, one after the other if they are more than what is asked at once."""
        asked = tuple(questions)
        free = asyncio.Semaphore(_AT_ONCE)
        async with aiohttp.ClientSession(timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar()) as session:

            async def once(question: Question) -> Answer:
                async with free:
                    return await self._answer(session, question)

            found = iter(await asyncio.gather(*(once(question) for question in asked for _ in range(times))))
        return {question: tuple(itertools.islice(found, times)) for question in asked}

    async def first_answers(self, questions: Iterable[Question], times: int) -> Mapping[Question, tuple[Answer, ...]]:
        """Return so many answers to each question, of instances that may have just started.

        Such are slow at first, and might do without what they share with others if many asked: the first question is
        asked so many times before, one after the other.
        """
        asked = tuple(questions)
        for _ in range(times):
            await self.answers(asked[:1], 1)
        return await self.answers(asked, times)

    async def settled(self, questions: Iterable[Question]) -> Mapping[Question, tuple[Answer, Answer]]:
        """Return two answers to each question, equal ones if they become equal: effects may follow by way of events."""
        left, found = tuple(questions), dict[Question, tuple[Answer, Answer]]()
        for attempt in range(_TRIES):
            if not left:
                break
            if attempt:
                await asyncio.sleep(_PAUSE_SECONDS)
            now = {question: answers[0] for question, answers in (await self.answers(left, 1)).items()}
            found |= {
                question: (found[question][1] if question in found else now[question], now[question])
                for question in left
            }
            if attempt:
                left = tuple(question for question in left if found[question][0] != found[question][1])
        return found

    async def disputed(self, questions: Iterable[Question], times: int) -> Mapping[Question, _Rounds]:
        """Return the answers to questions that get several at once, in two rounds of so many each."""
        asked = tuple(questions)
        first = await self.answers(asked, times)
        differing = [question for question, answers in first.items() if any(each != answers[0] for each in answers)]
        if not differing:
            return {}
        await asyncio.sleep(_PAUSE_SECONDS)
        second = await self.answers(differing, times)
        return {question: (first[question], second[question]) for question in differing}

    async def _answer(self, session: aiohttp.ClientSession, question: Question) -> Answer:
        url = URL(self._url + question.target, encoded=True)
        try:
            async with session.get(url, headers=list(question.headers), allow_redirects=False) as response:
                return answer_of(response.status, await response.read())
        except (TimeoutError, aiohttp.ClientError) as error:
            return Answer(_NOBODY, f"{type(error).__name__}: {error}")
