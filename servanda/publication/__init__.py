"""Sending contracts to a broker, so that others can ask what they may deploy."""

from servanda.publication.contracts import ConsumerVersion, publish

__all__ = ["ConsumerVersion", "publish"]
