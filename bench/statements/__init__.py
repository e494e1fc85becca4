"""Cost of recording the statements of a service."""
