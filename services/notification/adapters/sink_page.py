"""Mails of the sink as a JSON document, for whoever develops."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from typing import Final

from platformkit.transcoding import EdgeRequest, Handler, HttpResponse, json_response
from services.notification.adapters.sink import Mailbox, text_of

MAILS_PATH: Final = "/mails"
_SHOWN: Final = 100
_HEADERS: Final = ("Message-ID", "Date", "From", "To", "Subject")


def mails_page(mailbox: Mailbox) -> Handler:
    """Return the answer to a GET of the mails that have come: the latest ones first."""

    async def show(_: EdgeRequest) -> HttpResponse:
        latest = list(mailbox.mails)[: -_SHOWN - 1 : -1]
        document = {"mails": [_shown(message) for message in latest], "dropped": mailbox.dropped}
        return json_response(document, headers={"cache-control": "no-store"})

    return show


def _shown(message: EmailMessage) -> Mapping[str, str]:
    headers = {name.lower().replace("-", "_"): str(message[name]) for name in _HEADERS}
    return {**headers, "text": text_of(message)}
