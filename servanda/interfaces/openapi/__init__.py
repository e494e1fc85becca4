"""OpenAPI documents, derived or written by hand: what a change of one breaks, one file per part of a document."""
