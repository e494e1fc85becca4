"""Connections of the use cases to the outside: the interface of the service, its store and the events it hears."""
