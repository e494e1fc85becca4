"""The errors of the domain.

``AuditError``
    ``InvalidEntryError``  an entry breaks a rule
"""

from __future__ import annotations


class AuditError(Exception):
    """A rule of the domain refuses something."""


class InvalidEntryError(AuditError):
    """An entry breaks a rule.

    Args:
        field: Name of the field.
        description: The rule that it breaks, as a sentence about the field.
    """

    def __init__(self, field: str, description: str) -> None:
        super().__init__(f"{field} {description}")
        self.field = field
        self.description = description
