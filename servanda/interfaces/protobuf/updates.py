"""Rpcs that change what there is already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from google.protobuf.descriptor_pb2 import MethodDescriptorProto

from servanda.interfaces.protobuf.options import HTTP, Options

# Words that names of such rpcs begin with (AIP-134), behind what says that there are several, or none at first.
_NAMED: Final = re.compile(
    r"(?:Batch|Bulk|Partial|Create[Oo]r|Insert[Oo]r)*"
    r"(?:Update|Patch|Modify|Edit|Change|Replace|Set|Put|Save|Upsert|Merge|Apply|Overwrite|Rename|Configure)(?![a-z])"
)
_VERBS: Final = frozenset({"put", "patch"})


def is_update(rpc: MethodDescriptorProto, options: Options) -> bool:
    """Tell whether an rpc changes a resource, by its name or by the verb of one of its routes (``PUT``, ``PATCH``)."""
    name = rpc.name[:1].upper() + rpc.name[1:]
    return _NAMED.match(name) is not None or any(verb in _VERBS for verb in _verbs(options.message_in(rpc, HTTP)))


# ``Any``: a class of the state's own, of which nothing is known before.
def _verbs(rule: Any) -> Iterator[str]:
    if rule is not None:
        yield rule.WhichOneof("pattern") or ""
        for further in rule.additional_bindings:
            yield from _verbs(further)
