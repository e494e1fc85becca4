"""Users: who may act on the platform."""
