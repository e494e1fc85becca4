"""Choice of the route that answers an HTTP request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from platformkit.status import FieldViolation
from platformkit.transcoding.errors import invalid_request, method_not_allowed, not_found
from platformkit.transcoding.route import Route

_ANY: Final = "*"


@dataclass(frozen=True, slots=True)
class Match:
    """A route and what the path says.

    Attributes:
        route: The route.
        variables: Decoded texts of the path, by the paths of the fields that they fill.
    """

    route: Route
    variables: Mapping[str, str]


class Router:
    """Finds the route for a verb and a path: the most specific template wins, whatever the order of the routes.

    A path whose last segment ends in ":verb" belongs to the templates with that custom verb, if there are any; a colon
    that is part of a value is percent-encoded.

    Args:
        routes: The routes; of two with the same verb and template the first counts.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        self._ordered = sorted(self.routes, key=lambda route: route.template.specificity)

    def match(self, verb: str, path: str) -> Match:
        """Return the route of a request.

        Args:
            verb: HTTP method in capitals.
            path: Path as it stands in the request line, percent-encoded.

        Raises:
            ServiceError: NOT_FOUND, no route has this path; INVALID_ARGUMENT, the path is not UTF-8.
            EdgeError: 405 with ``allow``, the path has routes for other verbs only.
        """
        try:
            matches = tuple(self._matches(path))
        except UnicodeDecodeError:
            raise invalid_request(FieldViolation("", "the path is not UTF-8", "MALFORMED_PATH")) from None
        with_custom_verb = tuple(match for match in matches if match.route.template.verb)
        candidates = with_custom_verb or matches
        for match in candidates:
            if match.route.verb in {verb, _ANY}:
                return match
        if not candidates:
            raise not_found(path)
        raise method_not_allowed(verb, path, tuple(sorted({match.route.verb for match in candidates})))

    def _matches(self, path: str) -> Iterator[Match]:
        for route in self._ordered:
            variables = route.template.match(path)
            if variables is not None:
                yield Match(route, variables)
