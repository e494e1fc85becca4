"""A consumer of prices."""
