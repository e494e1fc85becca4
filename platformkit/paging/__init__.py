"""Page tokens: where a listing goes on, which only the service that said so can say."""

from platformkit.paging.tokens import PageTokens

__all__ = ["PageTokens"]
