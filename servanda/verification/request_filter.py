"""Request filter of a provider: a function of its own code that changes requests before they are sent.

It runs as provider states do: in a process of its own, with the code, the folder and the environment of its service.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Mapping

from servanda.configuration import Limits
from servanda.errors import ConfigurationError, VerificationError
from servanda.supervision import ServiceHandle
from servanda.transports.provider import Change
from servanda.verification.provider_code import ProviderCode
from servanda.verification.state_process import StateProcessError


def request_filter(handle: ServiceHandle, code: ProviderCode, limits: Limits) -> Change | None:
    """Return what changes the requests to an instance; ``None`` if its service has no request filter."""
    return RequestFilter(handle, code, limits).change if handle.service.request_filter else None


class RequestFilter:
    """The function of one instance.

    Args:
        handle: The instance.
        code: Opens its process, and ends it.
        limits: How long one call may take.
    """

    def __init__(self, handle: ServiceHandle, code: ProviderCode, limits: Limits) -> None:
        self._name = handle.service.request_filter
        self._source = code.source(self._name, handle, is_function=True)
        self._seconds = limits.state_seconds
        self._is_open = False
        self._refused: ConfigurationError | VerificationError | None = None

    async def change(self, request: Mapping[str, object]) -> Mapping[str, object]:
        """Return a request as the function changes it.

        Raises:
            ConfigurationError: The function cannot be imported.
            VerificationError: It failed.
        """
        body = request.get("body")
        sent = {**request, "body": base64.b64encode(body).decode() if isinstance(body, bytes) else None}
        await self._open()
        try:
            async with asyncio.timeout(self._seconds):
                changed = await self._source.establish("", sent)
        except TimeoutError as error:
            raise self._failed(f"took longer than {self._seconds:g} s") from error
        except StateProcessError as error:
            raise self._failed(f"failed: {error}") from error
        return {**request, **self._decoded(changed or {})}

    async def _open(self) -> None:
        # What keeps it from being opened does so for every request.
        if self._refused is not None:
            raise self._refused
        if self._is_open:
            return
        try:
            await self._source.open()
        except ConfigurationError as error:
            self._refused = error
            raise
        except StateProcessError as error:
            self._refused = self._failed(f"could not be opened: {error}")
            raise self._refused from error
        self._is_open = True

    def _decoded(self, changed: Mapping[str, object]) -> Mapping[str, object]:
        body = changed.get("body")
        try:
            return {**changed, "body": base64.b64decode(body, validate=True) if isinstance(body, str) else None}
        except binascii.Error as error:  # its process wrote something of its own
            raise self._failed(f"returned a body that cannot be read: {error}") from error

    def _failed(self, how: str) -> VerificationError:
        return VerificationError(f"the request filter '{self._name}' {how}")
