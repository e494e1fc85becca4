"""What contracts tell of the use of an OpenAPI document, one file per part of a request and its answer."""
