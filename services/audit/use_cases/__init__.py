"""What the service does, one module per use case, on interfaces that the adapters implement."""
