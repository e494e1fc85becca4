"""Rules about google.api.default_host: where clients of a service connect unless they are told otherwise.

Source: google/api/client.proto.
"""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf.descriptor_pb2 import ServiceDescriptorProto

from servanda.interfaces.effect import MAY_AFFECT_USERS
from servanda.interfaces.protobuf.options import DEFAULT_HOST
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.subject import Pair, Subject, at_option
from servanda.interfaces.protobuf.schema import Element
from servanda.interfaces.rule import Objection, Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS_IF_WRITTEN
from servanda.verdict import Severity


def same_default_host(pair: Pair[Element[ServiceDescriptorProto]]) -> Iterator[Objection]:
    """Object to a default host that is another one, or is gone; a service that named none loses nothing."""
    before, after = (
        options.text(side, DEFAULT_HOST)
        for options, side in zip(pair.comparison.options, (pair.previous, pair.current), strict=True)
    )
    if before and before != after:
        text = f"The default host of service {pair.current.name!r} changed from {before!r} to {after!r}."
        removed = f"The default host {before!r} of service {pair.current.name!r} was deleted."
        yield at_option(pair, DEFAULT_HOST, text if after else removed)


RULES: tuple[Rule, ...] = (
    Rule(
        id="HTTP_SAME_DEFAULT_HOST",
        purpose="Checks that services keep their google.api.default_host.",
        why=(
            "Clients that are generated again connect to another host, or to none, over gRPC and HTTP alike, and those "
            "in use go on connecting to the former one."
        ),
        categories=(Category.HTTP,),
        subject=Subject.SERVICE,
        handler=same_default_host,
        severity=Severity.WARNING,
        breaks=BOTH_WAYS_IF_WRITTEN,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Serve $name under both hosts, with certificates for both.",
            migrate="Let every consumer of $name be generated again; the log of the former host shows who is left.",
            contract="Stop serving $name under the former host when it has had no request for a whole business cycle.",
            before="$declaration",
            after="$declaration  // served under both hosts",
        ),
    ),
)
