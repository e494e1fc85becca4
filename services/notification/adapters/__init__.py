"""Connections of the use cases to the outside: the interface, the store, the events it hears and the mail server."""
