"""Steps that a request passes between the outside and its route, one module each, outermost first.

The edge around them gives the request its id and its deadline, refuses a body that is too long, and turns every error
into the one error document. The order for what joins the list: CORS, authentication, rate limits, then what changes
requests.
"""

from __future__ import annotations

from typing import Final

from platformkit.transcoding import Middleware
from services.gateway.pipeline.protection import protect

PIPELINE: Final[tuple[Middleware, ...]] = (protect,)
