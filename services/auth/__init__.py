"""Credentials and tokens: proof of who acts on the platform."""
