"""The process in which the provider states of one source run: ``python -P state_child.py SOCKET MODULE:CALLABLE``.

It runs in the folder of its source, with what is installed for the services, and so knows nothing of the suite:
standard library only. Messages are lines of JSON on a Unix socket that the suite listens on.

Sent at first: ``{"ready": [names]}``; ``{"refused": why}`` if the callable cannot be imported; ``{"failed": why}`` if
its context cannot be opened. Received: ``{"call": number, "state": name, "params": {...}}``, or ``{"cancel": number}``.
Answered: ``{"call": number, "values": {...} or null}``, or ``{"call": number, "error": why}``. The end of the
connection closes the context.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

MOST_BYTES = 1 << 26


class _Calls:
    """The calls of one connection, each a task of its own."""

    def __init__(self, handlers: Mapping[str, Callable[..., Any]], writer: asyncio.StreamWriter) -> None:
        self._handlers = handlers
        self._writer = writer
        self._tasks: dict[int, asyncio.Task[None]] = {}

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
            values = await self._handlers[message["state"]](message["params"])
            line = _line({"call": number, "values": None if values is None else dict(values)})
        except Exception as error:  # noqa: BLE001 - it is the provider's own code and may raise anything
            line = _line({"call": number, "error": _told(error)})
        finally:
            del self._tasks[number]
        self._writer.write(line)
        await self._writer.drain()


def _line(message: Mapping[str, Any]) -> bytes:
    # A value that JSON does not know, such as a UUID or a date, is told as the text that it would be in a request.
    line = json.dumps(message, default=str).encode() + b"\n"
    if len(line) > MOST_BYTES:
        raise ValueError(f"its values have more than {MOST_BYTES} bytes")
    return line


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


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
        async with factory(dict(os.environ)) as handlers:
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
