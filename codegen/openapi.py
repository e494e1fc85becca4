"""The HTTP edges as OpenAPI documents in ``contracts/openapi/``: one for each service, one for the gateway."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from google.protobuf.descriptor import ServiceDescriptor
from plt.audit.v1 import audit_pb2
from plt.auth.v1 import auth_pb2
from plt.identity.v1 import identity_pb2
from plt.notification.v1 import notification_pb2

from codegen.comments import comments_of
from codegen.product import ROOT, Product
from platformkit.openapi import document
from servanda.interfaces.protobuf.compiler import compile_workspace

VERSION = "1"
SERVICES = {
    "audit": audit_pb2.DESCRIPTOR.services_by_name["AuditService"],
    "auth": auth_pb2.DESCRIPTOR.services_by_name["AuthService"],
    "identity": identity_pb2.DESCRIPTOR.services_by_name["IdentityService"],
    "notification": notification_pb2.DESCRIPTOR.services_by_name["NotificationService"],
}


def products() -> Iterator[Product]:
    """Return the documents."""
    comments = comments_of(compile_workspace(ROOT / "proto"))
    for name, service in SERVICES.items():
        yield _product(name, [service], comments)
    yield _product("gateway", tuple(SERVICES.values()), comments, access_tokens=True)


def _product(
    name: str, services: Sequence[ServiceDescriptor], comments: Mapping[str, str], *, access_tokens: bool = False
) -> Product:
    described = document(services, name, VERSION, ["/"], comments, access_tokens=access_tokens)
    text = json.dumps(described, ensure_ascii=False, indent=2)
    return Product(f"contracts/openapi/{name}.json", f"{text}\n".encode())
