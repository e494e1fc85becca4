"""The pytest plugin of consumers; costs nothing until one of its fixtures is used."""
