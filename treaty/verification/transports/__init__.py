"""How an interaction reaches the real provider, one file per transport."""
