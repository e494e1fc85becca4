"""Provider states in a process of their own, which has the code, the folder and the environment of their service.

Two versions of a service bring two versions of one module, which cannot both be imported into one process under its
name; and a handler that blocks or ends its process must not take the verification with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeAlias

from servanda.configuration import Limits
from servanda.errors import ConfigurationError
from servanda.processes import Lines, PipedChild, StopPolicy
from servanda.supervision import Contained, Image, ServiceHandle, contained, describe_exit
from servanda.verification.state_child import MOST_BYTES

_CHILD: Final = Path(__file__).with_name("state_child.py")
# In the container of an image.
_INSIDE: Final = "/servanda/connection"
_CHILD_INSIDE: Final = "/servanda/child/state_child.py"
_CLOSING_SECONDS: Final = 10.0
_LETTING_GO_SECONDS: Final = 2.0
_Connection: TypeAlias = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class StateProcessError(Exception):
    """Provider states could not be opened, or one of them not be made true; says why."""


class StateProcess:
    """The process in which the handlers of one callable run.

    Attributes:
        names: The states that it offers.
    """

    def __init__(self, connection: _Connection, child: PipedChild, lines: Lines) -> None:
        self.names: tuple[str, ...] = ()
        self._reader, self._writer = connection
        self._child = child
        self._lines = lines
        self._numbers = itertools.count()
        self._waiting: dict[int, asyncio.Future[Mapping[str, Any]]] = {}
        self._held: dict[str, list[int]] = {}
        self._hearing: asyncio.Task[None] | None = None
        self._is_over = False

    async def open(self, what: str) -> None:
        """Wait until the handlers can be called.

        Args:
            what: What they are, for errors.

        Raises:
            ConfigurationError: The callable cannot be imported.
            StateProcessError: Its context could not be opened.
        """
        message = await self._heard() or {"failed": await self._end()}
        if "refused" in message:
            raise ConfigurationError(
                f"{what} cannot be imported: {message['refused']}",
                hint="expected module:callable, importable from the folder of the configuration",
            )
        if "failed" in message:
            raise StateProcessError(message["failed"])
        self.names = tuple(message["ready"])
        self._hearing = asyncio.create_task(self._hear(), name=f"hear {what}")

    @property
    def answers(self) -> bool:
        """Tell whether handlers can be called."""
        return self._hearing is not None and not self._is_over

    @property
    def is_holding(self) -> bool:
        """Tell whether a state lasts until it is undone."""
        return any(self._held.values())

    async def establish(self, state: str, params: Mapping[str, object]) -> Mapping[str, object] | None:
        """Make a state true; cancelling this cancels the handler, or ends its process if it does not let go.

        Returns:
            What the handler returned, as JSON values.

        Raises:
            StateProcessError: The handler failed, or its process ended.
        """
        number = next(self._numbers)
        answer = await self._asked(number, {"call": number, "state": state, "params": dict(params)})
        if answer.get("held"):
            self._held.setdefault(state, []).append(number)
        values: Mapping[str, object] | None = answer["values"]
        return values

    async def undo(self, state: str) -> None:
        """End a state that lasts until it is undone; any other is left as it is.

        Raises:
            StateProcessError: The handler failed, or its process ended.
        """
        if held := self._held.get(state):
            number = held.pop()
            await self._asked(number, {"undo": number})

    async def _asked(self, number: int, message: Mapping[str, object]) -> Mapping[str, Any]:
        if not self.answers:
            raise StateProcessError(await self._end())
        answered = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._send(message)
        try:
            answer: Mapping[str, Any] = await asyncio.shield(answered)
        except asyncio.CancelledError:
            # The next state is made true when this one no longer writes.
            self._send({"cancel": number})
            if not (await asyncio.wait([answered], timeout=_LETTING_GO_SECONDS))[0]:
                await self._child.stop()
                await asyncio.wait([answered])
            raise
        finally:
            del self._waiting[number]
        if "error" in answer:
            raise StateProcessError(answer["error"])
        return answer

    async def close(self) -> None:
        """Let it close its context and end; after a while it is ended."""
        self._writer.close()
        done, _ = await asyncio.wait([self._child.exited], timeout=_CLOSING_SECONDS)
        if not done:
            await self._child.stop()
        if self._hearing is not None:
            await asyncio.wait([self._hearing])

    def _send(self, message: Mapping[str, object]) -> None:
        if not self._writer.is_closing():
            self._writer.write(json.dumps(message, default=str).encode() + b"\n")

    async def _heard(self) -> Mapping[str, Any] | None:
        # Cut off, longer than any message may be, or written by the provider's own code.
        with contextlib.suppress(OSError, ValueError, RecursionError):
            line = await self._reader.readline()
            message = json.loads(line) if line else None
            return message if isinstance(message, dict) else None
        return None

    async def _hear(self) -> None:
        while (message := await self._heard()) is not None:
            if (answered := self._waiting.get(message.get("call", -1))) is not None and not answered.done():
                answered.set_result(message)
        self._is_over = True
        why = await self._end()
        for answered in self._waiting.values():
            if not answered.done():
                answered.set_result({"error": why})

    async def _end(self) -> str:
        await asyncio.wait([self._child.exited], timeout=_CLOSING_SECONDS)
        return _last_words(self._child, self._lines)


@asynccontextmanager
async def state_process(
    source: str, owner: ServiceHandle, limits: Limits, *, is_function: bool = False
) -> AsyncIterator[StateProcess]:
    """Run the handlers of a callable for as long as the context lasts.

    Args:
        source: ``module:callable``, imported from the folder of the owner's source.
        owner: The instance whose environment they get.
        limits: How long opening may take, and how much is kept of what they write.
        is_function: Whether the callable is a request filter: the one handler itself.

    Raises:
        ConfigurationError: The callable cannot be imported.
        StateProcessError: Its context could not be opened.
    """
    lines = Lines(limits.output, lambda _: None)
    arrived: asyncio.Future[_Connection] = asyncio.get_running_loop().create_future()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if arrived.done():
            writer.close()
        else:
            arrived.set_result((reader, writer))

    # The folder is for this user alone, and so is what comes over the socket.
    with tempfile.TemporaryDirectory(prefix="servanda-states-") as folder:
        server = await asyncio.start_unix_server(connected, f"{folder}/s", limit=MOST_BYTES)
        try:
            words = (f"{folder}/s", source, "function") if is_function else (f"{folder}/s", source)
            child = await _started(words, owner, lines)
            first: list[asyncio.Future[Any]] = [arrived, child.exited]
            try:
                await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
            except asyncio.CancelledError:
                await child.stop()
                raise
        finally:
            server.close()
    if not arrived.done():
        raise StateProcessError(_last_words(child, lines))
    process = StateProcess(arrived.result(), child, lines)
    try:
        what = "the request filter" if is_function else "the provider states"
        await _open(process, child, f"{what} '{source}'", limits.state_seconds)
        yield process
    finally:
        await asyncio.shield(process.close())


async def _open(process: StateProcess, child: PipedChild, what: str, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds) as limit:
            await process.open(what)
    except TimeoutError:
        if not limit.expired():
            raise
        await child.stop()
        raise StateProcessError(f"it took longer than {seconds:g} s (limit 'state_seconds')") from None


async def _started(words: tuple[str, ...], owner: ServiceHandle, lines: Lines) -> PipedChild:
    source, policy = owner.instance.source, StopPolicy(grace=_CLOSING_SECONDS)
    if source.image is not None:
        inside = _in_container(words, owner, source.image)
        policy = replace(policy, afterwards=inside.afterwards)
        return await PipedChild.start(inside.arguments, inside.environment, source.folder, lines.feed, policy)
    command = (source.python or sys.executable, "-P", str(_CHILD), *words)
    return await PipedChild.start(command, owner.environment, source.folder, lines.feed, policy)


def _in_container(words: tuple[str, ...], owner: ServiceHandle, image: Image) -> Contained:
    socket, *others = words
    volumes = f"{Path(socket).parent}:{_INSIDE}", f"{_CHILD}:{_CHILD_INSIDE}:ro"
    # The folder of the socket is for this user alone, whom the user of the image is not as a rule.
    options = ("--user", "0", *(word for volume in volumes for word in ("--volume", volume)))
    command = (owner.instance.source.python, _CHILD_INSIDE, f"{_INSIDE}/{Path(socket).name}", *others)
    # Not those of the host, which lead nowhere in the image.
    passed = {name: owner.environment[name] for name in owner.service.environment}
    return contained(command, passed, image, named=f"states-{owner.instance.name}", options=options)


def _last_words(child: PipedChild, lines: Lines) -> str:
    how = f"ended {describe_exit(child.exited.result())}" if child.exited.done() else "closed its connection"
    last = next((line.strip() for line in reversed(lines.last) if line.strip()), "")
    return f"their process {how}{f'; its last line: {last}' if last else ''}"
