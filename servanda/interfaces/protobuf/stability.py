"""The stability that the version of a package promises."""

from __future__ import annotations

import re
from typing import Final

# https://buf.build/docs/configuration/v2/buf-yaml#ignore_unstable_packages
_UNSTABLE: Final = re.compile(r"v\d+(?:p\d+)?(?:alpha|beta)\d*|v\d+test\w*")


def is_unstable(package: str) -> bool:
    """Tell whether a part of a package's name is a version that says alpha, beta or test.

    Only the package counts: the name of a field or a message, which a change chooses, says nothing about stability.
    """
    return any(_UNSTABLE.fullmatch(part) for part in package.split("."))
