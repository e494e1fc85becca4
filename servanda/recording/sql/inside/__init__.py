"""Folder on the search path of a service that is recorded: modules of the standard library and these only."""
