"""OpenAPI 3.1 from descriptors."""

from platformkit.openapi.document import document

__all__ = ["document"]
