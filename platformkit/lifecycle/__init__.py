"""How a service starts, says that it is ready, and drains."""
