"""Start-up of the command, the package and the pytest plugin, before any of them does its work."""
