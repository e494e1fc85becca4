"""OpenAPI 3.1 from descriptors."""
