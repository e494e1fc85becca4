"""Record of the calls to the stand-in of a gRPC provider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pact_ffi

_NOT_EXERCISED: Final = "was not exercised"


def refusals(server: pact_ffi.PactServerHandle) -> Sequence[str]:
    """Tell how the calls that were refused differ from what was described."""
    return [told for told in _told(server) if not told.endswith(_NOT_EXERCISED)]


def omissions(server: pact_ffi.PactServerHandle) -> Sequence[str]:
    """Return the interactions that nobody asked for."""
    return [told for told in _told(server) if told.endswith(_NOT_EXERCISED)]


def _told(server: pact_ffi.PactServerHandle) -> Sequence[str]:
    if pact_ffi.mock_server_matched(server):
        return []
    return [text for result in pact_ffi.mock_server_mismatches(server) for text in _texts(result)]


def _texts(result: Mapping[str, Any]) -> Sequence[str]:
    if result.get("error"):
        return [str(result["error"])]
    return [f"{result.get('path')}: {mismatch['mismatch']}" for mismatch in result.get("mismatches", [])]
