"""Sending contracts to a broker, so that others can ask what they may deploy."""

from servanda.publication.pact_cli import publish

__all__ = ["publish"]
