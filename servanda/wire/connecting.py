"""Making a connection: on the same machine that needs no waiting, and mostly it is there."""

from __future__ import annotations

import asyncio
import errno
import os
import select
import socket
from typing import Any


async def connect(opened: socket.socket, where: Any, until: float) -> None:
    """Connect a socket that does not block.

    Args:
        opened: The socket.
        where: Address of its family.
        until: Time of the loop at which nobody waits any more.

    Raises:
        TimeoutError: It is not connected by then; without a number, unlike the error of the system.
        OSError: It cannot be connected.
    """
    number = opened.connect_ex(where)
    if number == errno.EINPROGRESS:
        if not _is_ready(opened):
            async with asyncio.timeout_at(until):
                await _ready(opened)
        number = opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if number:
        raise OSError(number, os.strerror(number))


def _is_ready(opened: socket.socket) -> bool:
    looking = select.poll()
    looking.register(opened, select.POLLOUT)
    return bool(looking.poll(0))


async def _ready(opened: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()

    def tell() -> None:
        if not ready.done():
            ready.set_result(None)

    loop.add_writer(opened, tell)
    try:
        await ready
    finally:
        loop.remove_writer(opened)
