"""Where the use cases meet the outside: the interface of the service, its store and the events it hears."""
