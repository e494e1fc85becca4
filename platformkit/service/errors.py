"""Errors that every service has."""

from __future__ import annotations


class StoreUnavailableError(ConnectionError):
    """The store does not answer; the transaction did not happen unless it was lost while committing.

    It is a ConnectionError, so whoever waits for a store that is away waits for this one too.
    """
