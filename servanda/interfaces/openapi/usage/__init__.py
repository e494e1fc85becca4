"""Use of an OpenAPI document by contracts, one file per part of a request and its answer."""
