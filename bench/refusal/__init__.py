"""Cost of requests that a service refuses."""
