"""HTTP and JSON to proto and back, by descriptor and google.api.http."""

from platformkit.transcoding.edge import Handler, HttpEdge, Middleware
from platformkit.transcoding.errors import EdgeError
from platformkit.transcoding.invocation import Invocation, Invoke, Reply, through
from platformkit.transcoding.message import HttpRequest, HttpResponse, json_response
from platformkit.transcoding.request import decode_request, encode_request
from platformkit.transcoding.response import decode_response, encode_response
from platformkit.transcoding.route import Route, RouteError, routes_of
from platformkit.transcoding.router import Match, Router
from platformkit.transcoding.template import TemplateError

__all__ = [
    "EdgeError",
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
    "decode_request",
    "decode_response",
    "encode_request",
    "encode_response",
    "json_response",
    "routes_of",
    "through",
]
