"""Structured logs and the request id that runs through every transport."""
