"""Sending contracts to a broker, so that others can ask what they may deploy."""

from treaty.publication.pact_cli import publish

__all__ = ["publish"]
