"""The shop that consumers' tests are observed with."""

from tests.unit.impact.conftest import image, interface

__all__ = ["image", "interface"]
