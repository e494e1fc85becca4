"""Events between services: what a record looks like, how it gets out of a transaction and into one."""
