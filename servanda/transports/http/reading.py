"""Reading interactions over HTTP from a pact file."""

from __future__ import annotations

from servanda.pact.entry import Entry
from servanda.pact.parts import bodies, fields, generators, rules
from servanda.transports.http.interaction import HttpInteraction, HttpRequest, HttpResponse


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
        body=bodies.of_http(answered, entry.version, fields.content_type(received)),
        fields=received,
        rules=rules.of(answered),
        generators=generators.of(answered),
        status=answered.integer("status", 200),
    )
    return HttpInteraction(**entry.named(), requests=(request,), responses=(response,))
