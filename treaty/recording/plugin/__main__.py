"""``python -m treaty.recording.plugin``: started by the Pact library, ends when it closes the pipe or kills it."""

from __future__ import annotations

import json
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor

import grpc

from treaty.recording.plugin.service import PluginService


def main() -> int:
    """Serve on a free loopback port, say which on stdout, and end with the parent."""
    key = str(uuid.uuid4())
    service = PluginService(key)
    server = grpc.server(ThreadPoolExecutor(max_workers=8), handlers=[service])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(json.dumps({"port": port, "serverKey": key}) + "\n")
    sys.stdout.flush()
    server.wait_for_termination()
    return 0


if __name__ == "__main__":
    sys.exit(main())
