"""A state of an interface as the rules see it: elements with their names and places, one file per aspect."""

from servanda.interfaces.protobuf.schema.element import Element, File
from servanda.interfaces.protobuf.schema.state import State

__all__ = ["Element", "File", "State"]
