"""The only process that outside traffic reaches: HTTP in, calls through service clients out."""
