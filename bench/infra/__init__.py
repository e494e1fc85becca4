"""How long the three stores take to answer, by the way of providing them."""
