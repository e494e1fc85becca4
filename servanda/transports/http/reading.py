"""Reading interactions over HTTP from a pact file."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

from servanda.errors import LimitError, VerificationError
from servanda.pact.document import Body
from servanda.pact.entry import Entry, texts
from servanda.pact.parts import bodies, fields, generators, rules, tables
from servanda.transports.http.decoding import decoded
from servanda.transports.http.interaction import HttpInteraction, HttpRequest, HttpResponse

ABSENT_HEADERS: Final = "absentHeaders"
"""Comment of an interaction that lists the headers that its response must not have: the specification has no rule for
that, and other tools keep comments as they are."""
_MOST_BYTES: Final = 64 << 20


def read(entry: Entry) -> HttpInteraction:
    """Read one interaction.

    Raises:
        ContractError: It says something that cannot be meant.
    """
    asked, answered = entry.table.required("request").table(), entry.table.required("response").table()
    sent, received = fields.listed(asked, "headers"), fields.listed(answered, "headers")
    request = HttpRequest(
        body=bodies.of_http(asked, entry.version, fields.content_type(sent)),
        fields=sent,
        rules=rules.of(asked),
        generators=generators.of(asked),
        method=asked.text("method", "GET").upper(),
        path=asked.text("path", "/"),
        query=fields.query(asked),
    )
    response = HttpResponse(
        body=_uncoded(bodies.of_http(answered, entry.version, fields.content_type(received)), received),
        fields=received,
        rules=rules.of(answered),
        generators=generators.of(answered),
        status=answered.integer("status", 200),
        absent=texts(tables.table(entry.table, "comments").raw.get(ABSENT_HEADERS)),
    )
    return HttpInteraction(**entry.named(), requests=(request,), responses=(response,))


def _uncoded(body: Body | None, headers: Mapping[str, tuple[str, ...]]) -> Body | None:
    """Undo the content codings of an example, as those of answers are; most writers leave it without them."""
    codings = [coding for name, values in headers.items() if name.lower() == "content-encoding" for coding in values]
    if body is not None and codings:
        with suppress(VerificationError, LimitError):
            content = decoded(body.content, ",".join(codings).split(","), _MOST_BYTES)
            return replace(body, content=content)
    return body
