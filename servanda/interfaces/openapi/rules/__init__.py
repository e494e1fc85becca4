"""Rules about OpenAPI documents: rows, one file per part of a document."""
