"""Every use of an OpenAPI document that a contract proves, interaction by interaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from servanda.interfaces.effect import Access
from servanda.interfaces.openapi.usage import bodies, entrance, parameters
from servanda.interfaces.openapi.usage.both import Touch, touches
from servanda.interfaces.openapi.usage.operations import Call, Operations
from servanda.interfaces.openapi.usage.payloads import Payload
from servanda.interfaces.usage.provenance import Provenance
from servanda.interfaces.usage.use import Use
from servanda.pact import PactFile
from servanda.transports.http.interaction import HttpInteraction
from servanda.verdict import Evidence, Transport

# A request that has to fail shows nothing of what has to be accepted.
_REFUSALS: Final = frozenset({400, 401, 403, 405, 406, 413, 415, 422})


def uses(contract: PactFile, operations: Operations, provenance: Provenance) -> Iterator[Use]:
    """Yield every use that a contract proves; of a request that is not described the request alone."""
    for interaction in contract.interactions:
        if not isinstance(interaction, HttpInteraction):
            continue
        request = interaction.request
        call = operations.called(request.method, request.path)
        touched = _touched(call, interaction) if call else [Touch(f"{request.method} {request.path}", Access.CALL)]
        origin = (provenance.version, provenance.date)
        evidence = Evidence("pact", contract.path, interaction.description, interaction.test, *origin)
        for touch in touched:
            proof = replace(evidence, example=touch.example, refused=touch.refused)
            refusal = touch.access is Access.WRITE and interaction.expects_refusal
            yield Use(touch.element, contract.consumer, touch.access, Transport.HTTP, True, proof, refusal)


def _touched(call: Call, interaction: HttpInteraction) -> Iterator[Touch]:
    judged = interaction.response.status not in _REFUSALS
    written, read = Payload(Access.WRITE, judged=judged), Payload(Access.READ)
    yield from (Touch(place, Access.CALL) for place in call.operation.places)
    yield from touches(call.operation.own, Access.CALL)
    yield from entrance.servers(call)
    yield from entrance.credentials(call, interaction.request, judged=judged)
    yield from parameters.sent(call, interaction.request, written, judged=judged)
    yield from bodies.sent(call, interaction.request, written, judged=judged)
    yield from bodies.expected(call, interaction.response, read)
