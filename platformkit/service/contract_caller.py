"""Caller that sends the requests of contracts, which hold no proof of who calls: a token is good for a minute."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any, Final

from platformkit import redis
from platformkit.context import REQUEST_ID_HEADER
from platformkit.lifecycle import Settings
from platformkit.tokens import InternalTokens, RedisCallerKeys
from platformkit.transcoding.metadata import INITIAL_PREFIX

CALLER: Final = "contracts"
"""Name of the service that requests of contracts come from."""

# A key is kept for a minute.
_PUBLISH_SECONDS: Final = 20.0


class ContractCaller:
    """Request filter for the verification of a service's contracts.

    It publishes a key beside those of the services, as any of them does, where its environment says.

    Args:
        service: Name of the service whose contracts are verified.
    """

    def __init__(self, service: str) -> None:
        self._service = service
        self._tokens: InternalTokens | None = None
        self._published = 0.0

    async def __call__(self, request: dict[str, Any]) -> None:
        """Add the proof to a request, as metadata or as the header that stands for it.

        Raises:
            StartError: The environment does not say where Redis is.
            KeysUnavailableError: The key cannot be published.
        """
        if self._tokens is None or time.monotonic() - self._published >= _PUBLISH_SECONDS:
            self._tokens, self._published = await self._publish(), time.monotonic()
        is_http = request["transport"] == "http"
        sent = request["headers" if is_http else "metadata"]
        prefix = INITIAL_PREFIX if is_http else ""
        sent |= {prefix + name: [token] for name, token in self._tokens.prove(self._service, _request_id(sent))}

    async def _publish(self) -> InternalTokens:
        settings = Settings.from_environ(self._service, os.environ)
        client = redis.connect(settings.redis_url)
        try:
            tokens = InternalTokens(CALLER, RedisCallerKeys(client, redis.Keys(settings.namespace)))
            await tokens.publish()
        finally:
            await client.aclose()
        return tokens


def _request_id(sent: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    lists = [values for name, values in sent.items() if name.lower() == REQUEST_ID_HEADER]
    return tuple((REQUEST_ID_HEADER, value) for values in lists for value in values)
