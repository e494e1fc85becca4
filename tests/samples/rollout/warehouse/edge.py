"""The edge: passes requests to an instance of the service that answers them."""

import http.client
import itertools
import json

from . import process

turns = itertools.count()


def passed_on(service: str, method: str, target: str, headers: dict[str, str], body: bytes) -> process.Answer:
    live = process.instances(service)
    for _ in range(len(live)):
        host, _, port = live[next(turns) % len(live)].partition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=5)
        try:
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        except ConnectionError:
            continue
        finally:
            connection.close()
    return 503, {"error": f"no {service}"}


def answer(method: str, target: str, headers: dict[str, str], body: bytes) -> process.Answer:
    sent: dict[str, str] = {name: headers[name] for name in ("idempotency-key", "content-type") if name in headers}
    sent["x-caller"] = "edge"
    if target.startswith("/movements"):
        return passed_on("ledger", method, target, sent, body)
    return passed_on("stock", method, target, sent, body)


process.serve("edge", answer)
