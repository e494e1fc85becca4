"""Where the use cases meet the outside: the interface of the service, its stores and its events."""
