"""Proof that tests notice: small changes to the code, a seeded sample of them, and the nearest tests."""
