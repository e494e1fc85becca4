"""Errors of the domain as callers see them."""

from __future__ import annotations

from typing import Final

from platformkit.service.refusals import Refusals
from services.audit.domain.errors import InvalidEntryError

REFUSALS: Final = Refusals("the audit trail", InvalidEntryError, {})
