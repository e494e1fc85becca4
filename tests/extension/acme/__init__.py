"""What Acme adds to Servanda."""
