"""Proxies between a consumer and a provider, which note the members of all messages that pass."""
