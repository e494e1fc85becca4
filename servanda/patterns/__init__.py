"""Regular expressions that others wrote: the only place that compiles and tries any, within bounds.

A contract, an OpenAPI document or an interface may hold an expression that would take years (``^(a|a)*$``) or the whole
memory (``((a{1000}){1000}){1000}``). Expressions of our own, which nobody else can change, stay with ``re``.
"""

from servanda.patterns.budget import TEMPLATES, PatternBounds, keep_time, within
from servanda.patterns.dialects import plain, understood
from servanda.patterns.expression import Expression, compiled

__all__ = ["TEMPLATES", "Expression", "PatternBounds", "compiled", "keep_time", "plain", "understood", "within"]
