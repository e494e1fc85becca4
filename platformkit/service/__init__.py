"""Parts that every service would otherwise write again: its main, its store, its refusals, its pages.

What takes long to import is imported from its module, so that a migration does not pay for it.
"""

from platformkit.service.clock import Clock, now
from platformkit.service.errors import StoreUnavailableError
from platformkit.service.main import Load, run
from platformkit.service.page import Cursor, Page, page_of

__all__ = ["Clock", "Cursor", "Load", "Page", "StoreUnavailableError", "now", "page_of", "run"]
