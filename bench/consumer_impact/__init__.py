"""Which consumers does a change of an interface break? Seeded changes with ground truth, and the scoring of answers."""
