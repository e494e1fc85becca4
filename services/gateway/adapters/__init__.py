"""Connections of outside traffic to the service clients: the HTTP edge, its routes and the channels behind them."""
