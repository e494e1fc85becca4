"""The rules of notifications; no transport, no storage."""
