"""The public keys at the well-known path of the HTTP port."""

from __future__ import annotations

from typing import Final

from platformkit.transcoding import EdgeRequest, Handler, HttpResponse, json_response
from services.auth.adapters.refusals import refused
from services.auth.use_cases.rotate_keys import PublishKeys

# Less than the time for which a key is published before it signs.
_CACHED: Final = "public, max-age=60"


def key_set(publish: PublishKeys) -> Handler:
    """Return what answers with the JSON Web Key Set (RFC 7517)."""

    async def answer(_: EdgeRequest) -> HttpResponse:
        with refused():
            document = await publish()
        return json_response(document, headers={"cache-control": _CACHED})

    return answer
