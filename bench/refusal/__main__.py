"""Processor time that a hostile request takes for each of its bytes: ``python -m bench.refusal --repetitions 3``.

A service stays up if no kind of request costs more for each byte the longer it is.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from google.protobuf.message import Message
from plt.identity.v1 import identity_pb2

from platformkit.lifecycle.validation import refuse_invalid
from platformkit.status import ServiceError, error_document
from platformkit.transcoding import Router, decode_request, json_response, routes_of

SIZES: Final[Sequence[int]] = (16_384, 131_072, 1_048_576)
"""Bytes of a request, up to the longest that a service reads."""


def _repeated(before: str, unit: str, after: str) -> Callable[[int], bytes]:
    return lambda size: (before + ",".join([unit] * (size // (len(unit) + 1))) + after).encode()


def _names(size: int) -> bytes:
    names = ",".join(f'"n{number:06}":0' for number in range(size // 12))
    return f'{{{names},"n000000":0}}'.encode()


KINDS: Final[Mapping[str, Callable[[int], bytes]]] = {
    "distinct names, one of them twice": _names,
    "unknown fields": lambda size: _names(size).replace(b',"n000000":0', b""),
    "enum names that do not exist": _repeated('{"user":{"roles":[', '"ROLE_KING"', "]}}"),
    "enum numbers that are not defined": _repeated('{"user":{"roles":[', "77", "]}}"),
    "map entries of the wrong type": lambda size: (
        b'{"user":{"labels":' + _names(size).replace(b',"n000000":0', b"") + b"}}"
    ),
    "one long name": lambda size: b'{"' + b"n" * size + b'":0}',
    "nested arrays": lambda size: b"[" * size,
    "one long number": lambda size: b'{"user":' + b"9" * size + b"}",
    "half characters": _repeated('{"user":{"roles":[', '"\\ud800"', "]}}"),
}


def answer(router: Router, body: bytes) -> bytes:
    """Return what a caller is answered with, as an edge and the guard of a service find it."""
    try:
        message: Message = decode_request(router.match("POST", "/v1/users"), "", body)
        refuse_invalid(message)
    except ServiceError as error:
        return json_response(error_document(error.to_status())).body
    return b""


def main() -> None:
    """Print microseconds for each byte, by kind and size, and the length of the answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=3)
    repetitions: int = parser.parse_args().repetitions
    router = Router(routes_of(identity_pb2.DESCRIPTOR.services_by_name["IdentityService"]))
    print(f"{'microseconds for each byte of a request of':42}", *(f"{size // 1024:8} KiB" for size in SIZES))
    for kind, build in KINDS.items():
        costs = []
        for size in SIZES:
            body = build(size)
            rounds = []
            for _ in range(repetitions):
                began = time.process_time()
                answer(router, body)
                rounds.append(time.process_time() - began)
            costs.append(statistics.median(rounds) / len(body) * 1e6)
        print(f"{kind:42}", *(f"{cost:12.3f}" for cost in costs), f"  answer {len(answer(router, body)):6,} bytes")


if __name__ == "__main__":
    main()
