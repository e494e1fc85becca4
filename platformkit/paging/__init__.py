"""Page tokens: where a listing goes on, which only the service that said so can say."""

from platformkit.paging.tokens import PageTokens, page_token_invalid

__all__ = ["PageTokens", "page_token_invalid"]
