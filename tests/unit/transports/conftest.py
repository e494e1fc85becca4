"""The interface definitions that tests of contracts use."""

from tests.unit.pact.conftest import answer, descriptors, files

__all__ = ["answer", "descriptors", "files"]
