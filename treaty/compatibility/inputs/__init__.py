"""Opening what is compared, one file per kind of input."""

from treaty.compatibility.inputs.opening import Opener
from treaty.compatibility.inputs.workspace import Module, Workspace

__all__ = ["Module", "Opener", "Workspace"]
