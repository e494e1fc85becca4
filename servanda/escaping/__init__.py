"""Escaping: how text of the input becomes a part of the output and never controls it, one function per format."""

from servanda.escaping.characters import block, line, visible
from servanda.escaping.secrets import keep_secret, redact, secret_values

__all__ = ["block", "keep_secret", "line", "redact", "secret_values", "visible"]
