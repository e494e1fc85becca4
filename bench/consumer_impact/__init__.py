"""Benchmark of consumer impact: seeded changes with ground truth, and the scoring of answers."""
