"""Filling requests over HTTP with the values that generators make: path and query besides fields and body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from servanda.pact import generated, generators
from servanda.transports.http.interaction import HttpInteraction, HttpRequest


def resolve(interaction: HttpInteraction, values: Mapping[str, object]) -> HttpInteraction:
    """Apply every generator; see :func:`servanda.pact.resolve`.

    Raises:
        ContractError: A generator points to something that the example does not have, or cannot be used.
    """
    filled = generators.resolve(interaction, values)
    return replace(filled, requests=(_addressed(filled.request, values),)) if filled.request.generators else filled


def _addressed(request: HttpRequest, values: Mapping[str, object]) -> HttpRequest:
    of_path = request.generators.get("path", {}).get("")
    path = request.path if of_path is None else generated.text(of_path, values, request.path)
    query = dict(request.query)
    for key, generator in request.generators.get("query", {}).items():
        name, index = generators.place(key, query)
        if name in query:
            query[name] = tuple(
                generated.text(generator, values, value or "") if index in (None, number) else value
                for number, value in enumerate(query[name])
            )
    return replace(request, path=path, query=query)
