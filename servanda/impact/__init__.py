"""Users of an element of an interface, and the meaning of a finding for each of them."""
