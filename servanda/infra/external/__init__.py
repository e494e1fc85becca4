"""One file per store: a server that somebody else runs, at an address from the environment."""
