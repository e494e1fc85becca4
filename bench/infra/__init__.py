"""Start-up time of the three stores, by the way of providing them."""
