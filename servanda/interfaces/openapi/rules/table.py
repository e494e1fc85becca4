"""The table of rules about OpenAPI documents."""

from __future__ import annotations

from servanda.interfaces.openapi.rules import operations, requests, responses
from servanda.interfaces.rule import Rule

RULES: tuple[Rule, ...] = (*operations.RULES, *requests.RULES, *responses.RULES)
