"""Manual: the pages of the documentation as they come with the suite, for hosts without a browser or a network."""

from servanda.manual.pages import Page, pages

__all__ = ["Page", "pages"]
