"""Replay of recorded events: how long 10,000 of them take, and which faults of a consumer it finds."""
