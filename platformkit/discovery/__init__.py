"""Which instances of which service are alive, and who is told when that changes."""
