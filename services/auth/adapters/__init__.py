"""Connections of the use cases to the outside: the interface of the service, its stores, identity and its events."""
