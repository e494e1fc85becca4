"""Who uses an element of an interface, and what a finding means to each of them."""
