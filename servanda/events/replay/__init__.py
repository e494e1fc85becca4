"""Replay of recorded events: the real consumer on real Kafka and PostgreSQL, and a comparison of its effects."""
