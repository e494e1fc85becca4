"""Interfaces by kind: what a change did to each, by comparison of two states. A kind is a room of its own."""
