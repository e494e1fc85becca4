"""Cached values as a kind of interface: what services leave in Redis for each other, and for their other versions."""
