"""Rules about migrations: the rows, and how each finds what it objects to."""
