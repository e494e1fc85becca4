"""The process in which the provider states of one source run: ``python -P state_child.py SOCKET MODULE:CALLABLE``.

With ``function`` as a third argument, the callable itself is the one handler, of the state ``""``: it changes requests.

It runs in the folder of its source, with what is installed for the services, and so knows nothing of the suite:
standard library only. Messages are lines of JSON on a Unix socket that the suite listens on.

Sent at first: ``{"ready": [names]}``; ``{"refused": why}`` if the callable cannot be imported; ``{"failed": why}`` if
its context cannot be opened. Received: ``{"call": number, "state": name, "params": {...}}``, or ``{"cancel": number}``.
Answered, also after it was cancelled: ``{"call": number, "values": {...} or null}``, or ``{"call": number, "error":
why}``. With ``"held": true`` the state lasts until ``{"undo": number}`` is received, which is answered in the same way.
The end of the connection undoes what is held and closes the context.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import importlib
import inspect
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

MOST_BYTES = 1 << 26
_LONGEST_ERROR = 10_000


class _Calls:
    """The calls of one connection, each a task of its own."""

    def __init__(self, handlers: Mapping[str, Callable[..., Any]], writer: asyncio.StreamWriter) -> None:
        self._handlers = handlers
        self._writer = writer
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._held: dict[int, asyncio.Event] = {}
        self._process = os.getpid()

    async def serve(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            message = json.loads(line)
            if "cancel" in message:
                await self._cancel(message["cancel"])
            elif "undo" in message:
                self._held[message["undo"]].set()
            else:
                self._tasks[message["call"]] = asyncio.create_task(self._carry_out(message))
        for number in tuple(self._tasks):
            await self._cancel(number)

    async def _cancel(self, number: int) -> None:
        # The next state is made true when this one no longer writes.
        if (task := self._tasks.get(number)) is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _carry_out(self, message: Mapping[str, Any]) -> None:
        number = message["call"]
        try:
            returned = self._handlers[message["state"]](message["params"])
            if isinstance(returned, contextlib.AbstractAsyncContextManager):
                # One task enters it and leaves it: what it holds may belong to its task.
                async with returned as values:
                    undone = self._held[number] = asyncio.Event()
                    await self._answer({"call": number, "values": _checked_values(values), "held": True})
                    await undone.wait()
                line = {"call": number, "values": None}
            else:
                values = await returned if inspect.isawaitable(returned) else returned
                line = {"call": number, "values": _checked_values(values)}
            await self._answer(line)
        except BaseException as error:  # noqa: BLE001 - "exit(0)" of the provider's own code is no answer of ours
            await self._answer({"call": number, "error": _told(error)})
        finally:
            self._held.pop(number, None)
            del self._tasks[number]

    async def _answer(self, message: Mapping[str, Any]) -> None:
        line = _line(message)
        if os.getpid() != self._process:
            os._exit(0)  # a handler forked: the connection is not the child's
        self._writer.write(line)
        await self._writer.drain()


def _checked_values(values: object) -> dict[str, Any] | None:
    if values is not None and not isinstance(values, Mapping):
        raise TypeError(f"it returned a value of type {type(values).__name__}, expected a mapping or None")
    return None if values is None else dict(values)


def _line(message: Mapping[str, Any]) -> bytes:
    # A value that JSON does not know, such as a UUID or a date, is told as the text that it would be in a request.
    line = json.dumps(message, default=str, allow_nan=False).encode() + b"\n"
    if len(line) > MOST_BYTES:
        raise ValueError(f"its values have more than {MOST_BYTES} bytes")
    return line


def _told(error: BaseException) -> str:
    name = type(error).__name__
    try:
        return f"{name}: {error}"[:_LONGEST_ERROR].removesuffix(": ")
    except BaseException:  # noqa: BLE001 - the text of an error is the provider's own code too
        return f"{name}, whose text cannot be told"


def _checked(handlers: object) -> Mapping[str, Callable[..., Any]]:
    if not isinstance(handlers, Mapping) or not all(isinstance(name, str) for name in handlers):
        raise TypeError(f"its context gave a {type(handlers).__name__}, expected a mapping of handlers by state name")
    return handlers


def _context(given: object) -> contextlib.AbstractAsyncContextManager[object]:
    if not isinstance(given, contextlib.AbstractAsyncContextManager):
        if inspect.iscoroutine(given):
            given.close()  # or Python warns that nobody awaited it
        raise TypeError(
            f"it returned a value of type {type(given).__name__}, expected an asynchronous context manager: "
            "write it as 'async def' below '@asynccontextmanager' of contextlib"
        )
    return given


def _imported(source: str) -> Callable[..., Any]:
    module, _, attribute = source.partition(":")
    found: object = getattr(importlib.import_module(module), attribute)
    if not callable(found):
        raise TypeError("it is not callable")
    return found


def _changing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a handler of a function that changes requests, or returns others; their bodies travel in base64."""

    async def handler(params: Mapping[str, Any]) -> dict[str, Any]:
        body = params["body"]
        request = {**params, "body": None if body is None else base64.b64decode(body)}
        returned = function(request)
        changed = await returned if inspect.isawaitable(returned) else returned
        changed = request if changed is None else changed
        if not isinstance(changed, Mapping):
            raise TypeError(f"it returned a value of type {type(changed).__name__}, expected the request or None")
        body = changed.get("body")
        body = body.encode() if isinstance(body, str) else body
        if body is not None and not isinstance(body, bytes | bytearray):
            raise TypeError(f"it made a body of type {type(body).__name__}, expected bytes, a text or None")
        return {**changed, "body": None if body is None else base64.b64encode(body).decode()}

    return handler


@contextlib.asynccontextmanager
async def _single(function: Callable[..., Any]) -> AsyncIterator[Mapping[str, Callable[..., Any]]]:
    yield {"": _changing(function)}


async def _run(socket: str, source: str, kind: str = "") -> None:
    reader, writer = await asyncio.open_unix_connection(socket, limit=MOST_BYTES)
    try:
        factory = _imported(source)
    except Exception as error:  # noqa: BLE001 - importing is running the provider's own code
        writer.write(_line({"refused": str(error)}))
        await writer.drain()
        return
    try:
        context = _single(factory) if kind == "function" else _context(factory(dict(os.environ)))
        async with context as given:
            handlers = _checked(given)
            writer.write(_line({"ready": sorted(handlers)}))
            await writer.drain()
            await _Calls(handlers, writer).serve(reader)
    except Exception as error:
        if reader.at_eof():
            raise  # nobody is asked any more: the end of its output says why
        writer.write(_line({"failed": _told(error)}))
        await writer.drain()


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    asyncio.run(_run(*sys.argv[1:]))
