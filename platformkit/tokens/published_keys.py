"""Key sets at a path of the HTTP port of a service, wherever its instances are."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

from platformkit.discovery import Instance, InstanceStatus, Registry
from platformkit.tokens.errors import KeysUnavailableError
from platformkit.tokens.keys import MAX_DOCUMENT_BYTES

if TYPE_CHECKING:
    # At run time the first fetch imports it: most services verify tokens by keys from elsewhere.
    import aiohttp

KEY_SET_PATH: Final = "/.well-known/jwks.json"
_INSTANCE_SECONDS: Final = 2.0


class PublishedKeys:
    """`Fetch` from the instances of a service that discovery shows: one after the other, until one answers.

    Args:
        registry: Who knows the instances.
        service: Name of the service that issues the tokens.
        path: Where it publishes its keys.
    """

    def __init__(self, registry: Registry, service: str, path: str = KEY_SET_PATH) -> None:
        self._registry = registry
        self._service = service
        self._path = path

    async def __call__(self) -> bytes:
        """Return the document.

        Raises:
            KeysUnavailableError: No instance is alive, or none answers with a document that is not too large.
            RegistryUnavailableError: Discovery does not answer.
        """
        import aiohttp  # noqa: PLC0415 - see above

        instances = [each for each in await self._registry.instances() if self._asked(each)]
        # Not always the same one first: it may be the one that hangs.
        random.shuffle(instances)
        failures: list[str] = []
        timeout = aiohttp.ClientTimeout(total=_INSTANCE_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            for instance in instances:
                try:
                    return await _document(session, f"{instance.http_url}{self._path}")
                except (aiohttp.ClientError, TimeoutError, KeysUnavailableError) as error:
                    failures.append(f"{instance.id}: {str(error) or type(error).__name__}")
        raise KeysUnavailableError("; ".join(failures) or f"no instance of {self._service} is alive")

    def _asked(self, instance: Instance) -> bool:
        return instance.service == self._service and instance.status is InstanceStatus.SERVING


async def _document(session: aiohttp.ClientSession, url: str) -> bytes:
    # An address that leads elsewhere would let somebody else choose the keys.
    async with session.get(url, allow_redirects=False) as response:
        if response.status != 200:
            raise KeysUnavailableError(f"status {response.status}")
        document = await response.content.read(MAX_DOCUMENT_BYTES + 1)
        while len(document) <= MAX_DOCUMENT_BYTES and (more := await response.content.read(MAX_DOCUMENT_BYTES)):
            document += more
    if len(document) > MAX_DOCUMENT_BYTES:
        raise KeysUnavailableError(f"more than {MAX_DOCUMENT_BYTES} bytes")
    return document
