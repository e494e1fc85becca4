"""Categories of the rules about protobuf."""

from __future__ import annotations

import enum
from typing import Final


class Category(enum.StrEnum):
    """A named level of strictness, or a subject; the first five are those of buf, with the same members."""

    FILE = "FILE"
    PACKAGE = "PACKAGE"
    WIRE_JSON = "WIRE_JSON"
    WIRE = "WIRE"
    CSR = "CSR"
    HTTP = "HTTP"
    VALIDATION = "VALIDATION"
    BEHAVIOR = "BEHAVIOR"
    DIRECTION = "DIRECTION"
    DEPRECATION = "DEPRECATION"
    EVENTS = "EVENTS"


LINT: Final = "LINT"
"""Category of what the real buf objects to in the form of interfaces."""
EVERY_LEVEL: Final = (Category.CSR, Category.FILE, Category.PACKAGE, Category.WIRE, Category.WIRE_JSON)
SOURCE: Final = (Category.FILE, Category.PACKAGE)
SCHEMA: Final = (Category.CSR, Category.FILE, Category.PACKAGE)
JSON: Final = (Category.CSR, Category.FILE, Category.PACKAGE, Category.WIRE_JSON)
IN_FILE: Final = (Category.CSR, Category.FILE)
BYTES_AND_JSON: Final = (Category.CSR, Category.WIRE_JSON)
BYTES: Final = (Category.CSR, Category.WIRE, Category.WIRE_JSON)
