"""Rules about cached values: the rows, and how each finds what it objects to."""
