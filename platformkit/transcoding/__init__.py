"""HTTP and JSON to proto and back, by descriptor and google.api.http."""

from platformkit.transcoding.document import MAX_VALUES
from platformkit.transcoding.edge import HttpEdge
from platformkit.transcoding.edge_request import EdgeRequest, Handler, Middleware, WholeBody
from platformkit.transcoding.errors import EdgeError, invalid_request
from platformkit.transcoding.invocation import Invocation, Invoke, Reply, through
from platformkit.transcoding.message import HttpRequest, HttpResponse, json_response
from platformkit.transcoding.refusal import refused
from platformkit.transcoding.request import decode_request, encode_request
from platformkit.transcoding.response import decode_response, encode_response
from platformkit.transcoding.route import Route, RouteError, routes_of
from platformkit.transcoding.router import Match, Router
from platformkit.transcoding.template import TemplateError

__all__ = [
    "MAX_VALUES",
    "EdgeError",
    "EdgeRequest",
    "Handler",
    "HttpEdge",
    "HttpRequest",
    "HttpResponse",
    "Invocation",
    "Invoke",
    "Match",
    "Middleware",
    "Reply",
    "Route",
    "RouteError",
    "Router",
    "TemplateError",
    "WholeBody",
    "decode_request",
    "decode_response",
    "encode_request",
    "encode_response",
    "invalid_request",
    "json_response",
    "refused",
    "routes_of",
    "through",
]
