"""The result of a comparison of interfaces in every format that somebody reads it in, one file per format."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from treaty.report.check import github, gitlab, html, json, junit, markdown, sarif, text
from treaty.verdict import Check

FORMATS: Mapping[str, Callable[[Check], str]] = MappingProxyType(
    {
        "text": text.render,
        "json": json.render,
        "junit": junit.render,
        "sarif": sarif.render,
        "github": github.render,
        "gitlab": gitlab.render,
        "markdown": markdown.render,
        "html": html.render,
    }
)
"""How to render a check, by the name of the format. The same check always gives the same text."""

__all__ = ["FORMATS"]
