"""Cost of traces for a request: processor time of gateway and identity, side by side without and with them."""
