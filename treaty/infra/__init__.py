"""The real stores that a run needs, one folder per way of providing them."""
