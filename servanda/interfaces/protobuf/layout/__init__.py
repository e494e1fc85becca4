"""The layout of a workspace, as ``buf.yaml`` and ``buf.work.yaml`` describe it, one file per aspect."""

from servanda.interfaces.protobuf.layout.breaking import Breaking
from servanda.interfaces.protobuf.layout.modules import Layout, ModuleLayout, lay_out

__all__ = ["Breaking", "Layout", "ModuleLayout", "lay_out"]
