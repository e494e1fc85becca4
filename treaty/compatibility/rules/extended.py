"""The rows beyond buf, in categories of their own."""

from __future__ import annotations

from treaty.compatibility.rules import http
from treaty.compatibility.rules.rule import Category, Kind, Rule

_HTTP = (Category.HTTP,)

_ROUTES = (
    Rule(
        "HTTP_RULE_NO_DELETE",
        "Checks that rpcs that can be called over HTTP stay so.",
        _HTTP,
        Kind.METHOD,
        http.rule_no_delete,
    ),
    Rule("HTTP_SAME_VERB", "Checks that rpcs keep their HTTP verb.", _HTTP, Kind.METHOD, http.same_verb),
    Rule("HTTP_SAME_PATH", "Checks that rpcs keep their HTTP path.", _HTTP, Kind.METHOD, http.same_path),
    Rule("HTTP_SAME_BODY", "Checks that routes keep what their body is made of.", _HTTP, Kind.METHOD, http.same_body),
    Rule(
        "HTTP_SAME_RESPONSE_BODY",
        "Checks that routes keep what they answer with.",
        _HTTP,
        Kind.METHOD,
        http.same_response_body,
    ),
    Rule(
        "HTTP_ADDITIONAL_BINDING_NO_DELETE",
        "Checks that additional bindings are not deleted.",
        _HTTP,
        Kind.METHOD,
        http.additional_binding_no_delete,
    ),
    Rule(
        "HTTP_ROUTE_NO_SHADOW",
        "Checks that no new route takes requests that went to another rpc.",
        _HTTP,
        Kind.STATE,
        http.no_shadow,
    ),
)

EXTENDED: tuple[Rule, ...] = (*_ROUTES,)
