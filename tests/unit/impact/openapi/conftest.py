"""A shop with a hand-written document, its edits, and contracts of its consumers over HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from servanda.impact.assessment import assess
from servanda.interfaces.openapi.check import check_document
from servanda.interfaces.openapi.document import Document
from servanda.interfaces.openapi.usage.change import OpenApiChange
from servanda.interfaces.openapi.usage.operations import Operations
from servanda.interfaces.openapi.usage.uses import uses
from servanda.interfaces.usage.provenance import Provenance
from servanda.interfaces.usage.use import Usage
from servanda.pact.load import parse
from servanda.verdict import Consumer, ConsumerImpact, Impact

SHOP = """openapi: 3.1.0
servers: [{url: 'https://shop.example.org/v1'}]
paths:
  /orders:
    get:
      parameters:
        - {name: size, in: query, schema: {type: integer, maximum: 100}}
        - {name: X-Tenant, in: header, schema: {type: string}}
      responses:
        "200":
          headers: {ETag: {schema: {type: string}}}
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Order'}}}}
        "404": {$ref: '#/components/responses/Gone'}
    post:
      security: []
      requestBody: {$ref: '#/components/requestBodies/New'}
      responses:
        "201": {description: Created.}
  /orders/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
        default: {description: Something else.}
  /orders/latest:
    get:
      operationId: latest
      responses:
        "200": {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
components:
  securitySchemes: {token: {type: http, scheme: bearer}}
  responses: {Gone: {description: Gone.}}
  requestBodies:
    New: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
  schemas:
    Order:
      type: object
      required: [note]
      properties:
        note: {type: string, maxLength: 50}
        gift: {type: boolean}
        quantity: {type: integer}
        status: {$ref: '#/components/schemas/Status'}
        payment:
          oneOf:
            - {type: object, properties: {kind: {const: card}, number: {type: string}}}
            - {type: object, properties: {kind: {const: voucher}, code: {type: string}}}
    Status: {enum: [open, paid]}
"""

Edit = tuple[str, str]


@dataclass
class Contracts:
    """Contracts that a test writes down, and what an edit of the document means for them."""

    texts: list[str] = field(default_factory=list)
    document: str = SHOP

    def http(
        self,
        consumer: str,
        request: str,
        *,
        query: Mapping[str, list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        body: object = None,
        answer: object = None,
        looks_at: Mapping[str, str] | None = None,
        rules: Mapping[str, object] | None = None,
        status: int = 200,
    ) -> None:
        """A contract with one interaction; ``request`` is its method and path."""
        method, _, path = request.partition(" ")
        asked: dict[str, object] = {"method": method, "path": path, "query": query or {}, "headers": headers or {}}
        answered: dict[str, object] = {"status": status, "headers": looks_at or {}}
        for part, content in ((asked, body), (answered, answer)):
            if content is not None:
                part["body"] = {"content": content, "contentType": "application/json", "encoded": False}
        if rules is not None:
            answered["matchingRules"] = {"body": rules}
        entry = {"type": "Synchronous/HTTP", "description": request, "request": asked, "response": answered}
        document = {
            "consumer": {"name": consumer},
            "provider": {"name": "shop"},
            "interactions": [{"comments": {"testname": f"test_{consumer}.py::test"}, **entry}],
            "metadata": {"pactSpecification": {"version": "4.0"}},
        }
        self.texts.append(json.dumps(document))

    def hits(self, old: str, new: str, rule: str, *, first: Edit | None = None) -> list[ConsumerImpact]:
        """What the one finding of a rule means, if a text of the document is replaced by another.

        Args:
            old: The text.
            new: The other one.
            rule: Its identifier, without ``OPENAPI_``.
            first: An edit that both states have.
        """
        [told] = self._told(old, new, rule, first)
        return told

    def worst(self, old: str, new: str, rule: str) -> dict[str, str]:
        """The worst that all findings of a rule mean for each consumer."""
        hits = [hit for told in self._told(old, new, rule) for hit in told]
        ranks = (Impact.BROKEN, Impact.POTENTIALLY_AFFECTED, Impact.UNKNOWN, Impact.UNAFFECTED)
        found: dict[str, Impact] = {}
        for hit in hits:
            known = found.get(hit.consumer.name, hit.impact)
            found[hit.consumer.name] = min(known, hit.impact, key=ranks.index)
        return {name: str(impact) for name, impact in found.items()}

    def _told(self, old: str, new: str, rule: str, first: Edit | None = None) -> list[list[ConsumerImpact]]:
        shop = self.document.replace(*first) if first else self.document
        assert old in shop
        before, after = Document(shop, "shop.yaml"), Document(shop.replace(old, new), "shop.yaml")
        findings = [each for each in check_document(before, after) if each.rule.id == f"OPENAPI_{rule}"]
        operations = Operations(before, after)
        contracts = [parse(text, "contracts/pacts/it.json") for text in self.texts]
        found = [use for each in contracts for use in uses(each, operations, Provenance("v7", "2026-10-31"))]
        consumers = [Consumer(name) for name in sorted({each.consumer for each in contracts})]
        return [list(told.consumers) for told in assess(findings, OpenApiChange(), Usage(found), consumers)]

    def impacts(self, old: str, new: str, rule: str, *, first: Edit | None = None) -> dict[str, str]:
        """The same as a word for each consumer."""
        return {hit.consumer.name: str(hit.impact) for hit in self.hits(old, new, rule, first=first)}


@pytest.fixture
def contracts() -> Contracts:
    return Contracts()
