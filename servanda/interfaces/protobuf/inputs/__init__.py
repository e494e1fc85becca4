"""From the text of an input to the interfaces in it."""

from servanda.interfaces.protobuf.inputs.opening import Opener
from servanda.interfaces.protobuf.inputs.workspace import Module, Workspace

__all__ = ["Module", "Opener", "Workspace"]
