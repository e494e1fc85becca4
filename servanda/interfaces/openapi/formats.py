"""Formats of strings and numbers: which hold which, and what has one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import MappingProxyType
from typing import Any, Final


def is_wider(one: str, other: str) -> bool:
    """Tell whether the second format holds every value of the first one, and more."""
    return (one, other) in _WIDER


def is_known(form: str) -> bool:
    """Tell whether everybody means the same by a format: whether the registry of OpenAPI lists it."""
    return form in _FORMS or form in _RANGES or form in _UNBOUND or form in _REGISTERED


def bounds(forms: Iterable[str]) -> tuple[int, int] | None:
    """Return the least and the greatest whole number that formats allow; ``None`` if they do not say."""
    known = [_RANGES[form] for form in forms if form in _RANGES]
    return (-min(known) - 1, min(known)) if known else None


def formatted(form: object, value: Any) -> bool | None:
    """Tell whether a value has a format, ``None`` if nobody can tell; one of another type counts as if it had."""
    if form in _RANGES:
        greatest = _RANGES[str(form)]
        return not isinstance(value, int) or isinstance(value, bool) or -greatest - 1 <= value <= greatest
    if not form or form in _UNBOUND or not isinstance(value, str):
        return True
    found = _FORMS.get(str(form))
    return found.fullmatch(value) is not None if found is not None else None


# OpenAPI 3.0.4, "Data Types".
_RANGES: Final = MappingProxyType({"int32": 2**31 - 1, "int64": 2**63 - 1})
_UNBOUND: Final = frozenset({"password", "float", "double", "binary"})
_FORMS: Final = MappingProxyType(
    {
        "date": re.compile(r"\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01])"),
        "date-time": re.compile(r"\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01])T[\d:.]{8,}(Z|[+-]\d\d:\d\d)"),
        "uuid": re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
        "email": re.compile(r"[^@\s]+@[^@\s]+"),
        "ipv4": re.compile(r"\d{1,3}(\.\d{1,3}){3}"),
        "ipv6": re.compile(r"[0-9a-fA-F:]*:[0-9a-fA-F:]*"),
        "time": re.compile(r"\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"),
        "duration": re.compile(r"P(\d+[YMWD])*(T(\d+[HMS])+)?"),
        "hostname": re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?"),
        "byte": re.compile(r"[A-Za-z0-9+/]*={0,2}"),
        "uri-reference": re.compile(r"[!-~]*"),
        "uri": re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:\S+"),
    }
)
# What else the format registry of OpenAPI lists; of other names nobody knows what they refuse.
_REGISTERED: Final = frozenset(
    ("base64url", "char", "commonmark", "date-time-local", "decimal", "decimal128", "double-int", "html", "http-date",
     "idn-email", "idn-hostname", "int8", "int16", "iri", "iri-reference", "json-pointer", "media-range", "regex",
     "relative-json-pointer", "sf-binary", "sf-boolean", "sf-decimal", "sf-integer", "sf-string", "sf-token",
     "time-local", "uint8", "uint16", "uint32", "uint64", "uri-template")
)  # fmt: skip
# Only a hint for those who show the value; bounds of floating point are beyond what is written in JSON.
_WIDER: Final = frozenset({("int32", "int64"), ("float", "double")})
