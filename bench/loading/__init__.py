"""Time to read a contract file, by its number of interactions."""
