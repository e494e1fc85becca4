"""Where outside traffic meets the service clients: the HTTP edge, its routes and the channels behind them."""
