"""``python -m servanda.recording.plugin``: started by the Pact library; ends when that kills it or is gone itself."""

from __future__ import annotations

import json
import os
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import grpc

from servanda.recording.plugin.service import PluginService

_LOOK_FOR_PARENT_SECONDS: Final = 1.0


def main() -> int:
    """Serve on a free loopback port and say which on stdout, as the protocol wants."""
    parent = os.getppid()
    key = str(uuid.uuid4())
    service = PluginService(key)
    server = grpc.server(ThreadPoolExecutor(max_workers=8), handlers=[service])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(json.dumps({"port": port, "serverKey": key}) + "\n")
    sys.stdout.flush()
    while server.wait_for_termination(timeout=_LOOK_FOR_PARENT_SECONDS) and os.getppid() == parent:
        pass
    service.stop()
    server.stop(grace=None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
