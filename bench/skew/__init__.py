"""Seeded faults between two versions of a small shop, and safe changes: what a mixed-version run makes of each."""
