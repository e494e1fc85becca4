"""Opening what is compared, one file per kind of input."""

from servanda.compatibility.inputs.opening import Opener
from servanda.compatibility.inputs.workspace import Module, Workspace

__all__ = ["Module", "Opener", "Workspace"]
