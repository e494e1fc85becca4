"""Forty migrations with the right answer each, and the time that their examination takes."""
