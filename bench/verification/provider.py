"""The provider: orders over HTTP, and their provider states; ``python -m bench.verification.provider PORT``."""

from __future__ import annotations

import asyncio
import json
import sys

_ORDERS: dict[str, int] = {}
_REASONS = {200: "OK", 404: "Not Found"}


def put(number: object, total: object) -> None:
    """Keep one order."""
    _ORDERS[str(number)] = int(str(total))


def _answer(method: str, path: str, body: bytes) -> tuple[int, object]:
    if method == "POST":
        asked = json.loads(body)
        params = asked.get("params") or {}
        if asked["action"] == "setup":
            put(params["id"], params["total"])
        return 200, {}
    number = path.rpartition("/")[2]
    return (200, {"id": number, "total": _ORDERS[number]}) if number in _ORDERS else (404, {})


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection."""
    try:
        while head := (await reader.readuntil(b"\r\n\r\n")).decode():
            method, path, _ = head.split(" ", 2)
            lengths = [line for line in head.lower().split("\r\n") if line.startswith("content-length:")]
            body = await reader.readexactly(int(lengths[0].partition(":")[2])) if lengths else b""
            status, document = _answer(method, path, body)
            content = json.dumps(document).encode()
            lines = (f"HTTP/1.1 {status} {_REASONS[status]}", "Content-Type: application/json")
            writer.write("\r\n".join((*lines, f"Content-Length: {len(content)}", "", "")).encode() + content)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main(port: int) -> None:
    """Serve until this process is ended."""
    async with await asyncio.start_server(serve, "127.0.0.1", port, backlog=1024) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
