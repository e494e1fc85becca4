"""The result of a comparison of interfaces in every format that somebody reads it in, one file per format."""

import importlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

from servanda.verdict import Check

_NAMES = ("text", "json", "junit", "sarif", "github", "gitlab", "markdown", "html")


def _renderer(name: str) -> Callable[[Check], str]:
    def render(check: Check) -> str:
        # Imported when it is asked for: of eight formats a run needs one.
        rendered: str = importlib.import_module(f"{__name__}.{name}").render(check)
        return rendered

    return render


FORMATS: Mapping[str, Callable[[Check], str]] = MappingProxyType({name: _renderer(name) for name in _NAMES})
"""How to render a check, by the name of the format. The same check always gives the same text."""

__all__ = ["FORMATS"]
