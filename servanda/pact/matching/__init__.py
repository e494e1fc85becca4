"""Values against rules, giving mismatches: one file per kind of value."""

from servanda.pact.matching.messages import match_message

__all__ = ["match_message"]
