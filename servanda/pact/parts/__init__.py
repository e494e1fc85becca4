"""How the parts of an interaction are written in a pact file, one file per kind of entry."""
