"""Efficiency of many jobs on many workers, also when some of the workers are killed."""
