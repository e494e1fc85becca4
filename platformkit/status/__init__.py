"""The one error model: a gRPC status code with google.rpc details, and what it looks like over HTTP."""

from platformkit.status.codes import code_of_http, http_status
from platformkit.status.document import error_document, parse_error_document
from platformkit.status.error import OUT_OF_TIME, FieldViolation, ServiceError, out_of_time, rpc_error

__all__ = [
    "OUT_OF_TIME",
    "FieldViolation",
    "ServiceError",
    "code_of_http",
    "error_document",
    "http_status",
    "out_of_time",
    "parse_error_document",
    "rpc_error",
]
