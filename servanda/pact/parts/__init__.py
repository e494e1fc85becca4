"""Parts of an interaction in a pact file, one file per kind of entry."""
