"""How fast events travel."""
