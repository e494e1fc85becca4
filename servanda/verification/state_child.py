"""The process in which the provider states of one source run: ``python -P state_child.py SOCKET MODULE:CALLABLE``.

It runs in the folder of its source, with what is installed for the services, and so knows nothing of the suite:
standard library only. Messages are lines of JSON on a Unix socket that the suite listens on.

Sent at first: ``{"ready": [names]}``; ``{"refused": why}`` if the callable cannot be imported; ``{"failed": why}`` if
its context cannot be opened. Received: ``{"call": number, "state": name, "params": {...}}``, or ``{"cancel": number}``.
Answered, also after it was cancelled: ``{"call": number, "values": {...} or null}``, or ``{"call": number, "error":
why}``. The end of the connection closes the context.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import sys
from collections.abc import Callable, Mapping
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
        self._process = os.getpid()

    async def serve(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            message = json.loads(line)
            if "cancel" in message:
                await self._cancel(message["cancel"])
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
            line = _line({"call": number, "values": await self._values(message)})
        except BaseException as error:  # noqa: BLE001 - "exit(0)" of the provider's own code is no answer of ours
            line = _line({"call": number, "error": _told(error)})
        finally:
            del self._tasks[number]
        if os.getpid() != self._process:
            os._exit(0)  # a handler forked: the connection is not the child's
        self._writer.write(line)
        await self._writer.drain()

    async def _values(self, message: Mapping[str, Any]) -> dict[str, Any] | None:
        returned = self._handlers[message["state"]](message["params"])
        values = await returned if inspect.isawaitable(returned) else returned
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


def _imported(source: str) -> Callable[..., Any]:
    module, _, attribute = source.partition(":")
    found: object = getattr(importlib.import_module(module), attribute)
    if not callable(found):
        raise TypeError("it is not callable")
    return found


async def _run(socket: str, source: str) -> None:
    reader, writer = await asyncio.open_unix_connection(socket, limit=MOST_BYTES)
    try:
        factory = _imported(source)
    except Exception as error:  # noqa: BLE001 - importing is running the provider's own code
        writer.write(_line({"refused": str(error)}))
        await writer.drain()
        return
    try:
        async with factory(dict(os.environ)) as given:
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
    asyncio.run(_run(sys.argv[1], sys.argv[2]))
