"""A state of an interface as the rules see it: elements with their names and places, one file per aspect."""

from treaty.compatibility.schema.element import Element, File
from treaty.compatibility.schema.state import State

__all__ = ["Element", "File", "State"]
