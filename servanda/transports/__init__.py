"""The transports that come with the suite: everything specific to one in one package."""
