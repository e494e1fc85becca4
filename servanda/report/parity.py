"""The result of ``servanda parity``, for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, Final

from google.protobuf import json_format

from servanda.escaping import line as escaped
from servanda.escaping.documents import json_text
from servanda.escaping.shell import shell_line
from servanda.parity import Aspect, Parity
from servanda.parity.beside import Beside
from servanda.parity.http_form import http_request
from servanda.parity.run import Finding
from servanda.parity.sides import request_bytes

# Deadlines in the form of grpcurl.
_SECONDS: Final = MappingProxyType({Beside.EXPIRED_DEADLINE: "0.000000001", Beside.SHORT_DEADLINE: "0.001"})


def text(parity: Parity, service: str) -> str:
    """Return the table of rpcs and aspects, and below it each difference with the calls that show it."""
    calls = sum(tally.calls for tally in parity.tallies.values())
    unexpected, accepted = len(parity.unexpected), len(parity.findings) - len(parity.unexpected)
    last = f"{calls:,} calls compared: {_many(unexpected, 'difference')}"
    lines = [
        f"{service}: HTTP beside gRPC",
        "",
        *_table(parity),
        "",
        *_held(parity),
        *(line for finding in parity.findings for line in _lines(finding)),
        f"{last}, {_many(accepted, 'accepted difference')}" if accepted else last,
    ]
    return "".join(f"{escaped(line)}\n" for line in lines)


def _table(parity: Parity) -> Iterator[str]:
    # A column for each aspect in which something differs: eight of dashes would fit on no terminal.
    found = _differing(parity)
    differing = [aspect for aspect in Aspect if found[aspect]]
    rows = [("rpc", "calls", "accepted", "not in HTTP", *map(str, differing))]
    for rpc, tally in sorted(parity.tallies.items()):
        if tally.calls or not tally.unserved:
            numbers = (tally.calls, tally.accepted, tally.inexpressible, *(tally.differing[each] for each in differing))
            rows.append((rpc.rpartition(".")[2], *(f"{number:,}" for number in numbers)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        yield "  ".join((row[0].ljust(widths[0]), *cells)).rstrip()


def _held(parity: Parity) -> Iterator[str]:
    # What is not in the table would otherwise look as if nobody had compared it.
    differing, uncompared = _differing(parity), _uncompared(parity)
    if held := [str(aspect) for aspect in Aspect if not differing[aspect] and aspect not in uncompared]:
        yield f"the same in every call: {', '.join(held)}"
    if uncompared:
        yield f"in no call: {', '.join(uncompared)}"
    yield ""


def _uncompared(parity: Parity) -> tuple[Aspect, ...]:
    """Return the aspects that only calls show that carry something beside their messages, and there were none."""
    calls = sum((tally.beside for tally in parity.tallies.values()), Counter[Beside]())
    shown_by = {
        Aspect.DEADLINES: (Beside.EXPIRED_DEADLINE, Beside.SHORT_DEADLINE),
        Aspect.UNKNOWN_FIELDS: (Beside.UNKNOWN_FIELD,),
    }
    return tuple(aspect for aspect, kinds in shown_by.items() if not any(calls[kind] for kind in kinds))


def _differing(parity: Parity) -> Counter[Aspect]:
    return sum((tally.differing for tally in parity.tallies.values()), Counter[Aspect]())


def document(parity: Parity) -> str:
    """Return the same as JSON."""
    whole = {
        "rpcs": {
            rpc: {
                "calls": tally.calls,
                "accepted": tally.accepted,
                "codes": dict(tally.codes.most_common()),
                "beside": {
                    str(kind): count for kind, count in sorted(tally.beside.items()) if kind is not Beside.NOTHING
                },
                "inexpressible": tally.inexpressible,
                "inexpressibleBecause": tally.why_inexpressible,
                "differing": {str(aspect): count for aspect, count in sorted(tally.differing.items())},
            }
            for rpc, tally in sorted(parity.tallies.items())
            if tally.calls or not tally.unserved
        },
        "aspects": {str(aspect): _differing(parity)[aspect] for aspect in Aspect},
        "differences": [_finding(finding) for finding in parity.findings],
    }
    return json_text(whole)


def _finding(finding: Finding) -> dict[str, Any]:
    difference = finding.difference
    return {
        "rpc": finding.call.method.full_name,
        "aspect": str(difference.aspect),
        "path": difference.path,
        "grpc": difference.grpc,
        "http": difference.http,
        "call": finding.call.number,
        "repeats": finding.repeats,
        "accepted": finding.accepted,
        "calls": _calls(finding),
    }


def _lines(finding: Finding) -> list[str]:
    difference, call = finding.difference, finding.call
    place = f" of {difference.path}" if difference.path else ""
    lines = [f"{call.method.full_name}: {difference.aspect}{place} differs"]
    if finding.accepted:
        return [f"{lines[0]}, accepted: {finding.accepted}"]
    lines += [f"  gRPC: {difference.grpc}", f"  HTTP: {difference.http}"]
    if not finding.repeats:
        lines.append(f"  call {call.number} shows it only after the calls before it")
    return [*lines, *(f"  $ {each}" for each in _calls(finding)), ""]


def _calls(finding: Finding) -> tuple[str, str]:
    call = finding.call
    service, method = call.method.containing_service.full_name, call.method.name
    in_bytes = f"# bytes {request_bytes(call).hex()} to {service}/{method}"
    in_time = ["-max-time", _SECONDS[call.beside]] if call.beside in _SECONDS else []
    try:
        body = json.dumps(json_format.MessageToDict(call.grpc), ensure_ascii=False)
        over_grpc = shell_line(["grpcurl", "-plaintext", *in_time, "-d", body, "HOST:PORT", f"{service}/{method}"])
    except (ValueError, TypeError, json_format.SerializeToJsonError):
        over_grpc = in_bytes
    if call.beside is Beside.UNKNOWN_FIELD:
        # In JSON, which grpcurl takes, it has a name and no number.
        over_grpc = in_bytes
    request = http_request(call)
    parts = ["curl", "-X", request.method, f"http://HOST:PORT{request.target}"]
    parts += [part for name, value in request.headers for part in ("-H", f"{name}: {value}")]
    parts += ["-d", request.body.decode()] if request.body else []
    return over_grpc, shell_line(parts)


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number or 'no'} {what}s"
