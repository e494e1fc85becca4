"""Inputs of a comparison: what they are called, and the source files that they hold."""
