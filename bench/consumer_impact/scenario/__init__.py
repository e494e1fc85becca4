"""Scenarios written by hand: a domain, its consumers, and edits with the truth for each of them."""
