"""Statements that Python services run: what notes them within a process, and what becomes of the notes."""
