import socket

import pytest

from platformkit.redis import OUTAGES, connect


async def test_an_absent_server_is_an_outage() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        client = connect(f"redis://127.0.0.1:{unused.getsockname()[1]}/0")
        with pytest.raises(OUTAGES):
            await client.get("key")
        await client.aclose()
