"""What the service does for its callers, one module per use case, on interfaces that the adapters implement."""
