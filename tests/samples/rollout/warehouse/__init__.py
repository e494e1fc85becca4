"""A small shop in three processes."""
