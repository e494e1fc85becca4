"""Use cases of the service, one module each, on interfaces that the adapters implement."""
