"""The rules of the audit trail; no transport, no storage."""
