"""Recorded events: their corpus, and their replay against the real consumers of a system."""
