"""The policy of an rpc: who may call it, and for whom."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import grpc
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from plt.auth.v1 import access_pb2

from platformkit.context import Principal
from platformkit.status import ServiceError
from platformkit.transcoding import Route, routes_of
from platformkit.transcoding.fields import FieldPath, dotted, resolve

_KEPT: Final = 1024
_LEVELS: Final = frozenset({access_pb2.ACCESS_LEVEL_PUBLIC, access_pb2.ACCESS_LEVEL_AUTHENTICATED})


class PolicyError(ValueError):
    """An rpc declares an access that cannot be enforced."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Declaration of who may call an rpc (``plt.auth.v1.access``).

    Attributes:
        level: What a caller from outside has to prove; unspecified closes the rpc to all of them.
        roles: Roles of which a principal needs one.
        owner: Field of the request that names the subject who needs none of them; empty if there is no such field.
    """

    level: access_pb2.AccessLevel.ValueType
    roles: tuple[str, ...] = ()
    owner: FieldPath = ()

    @property
    def is_public(self) -> bool:
        """Tell whether anybody may call."""
        return self.level == access_pb2.ACCESS_LEVEL_PUBLIC

    @property
    def is_closed(self) -> bool:
        """Tell whether nobody from outside may call."""
        return self.level not in _LEVELS

    def require(self, principal: Principal, owner: str) -> None:
        """Return if a principal may call.

        Args:
            principal: Whom the call is for.
            owner: Value of the field ``owner`` in the request.

        Raises:
            ServiceError: PERMISSION_DENIED; it may not.
        """
        if set(self.roles) & set(principal.roles):
            return
        if self.owner:
            if _same(principal.subject, owner):
                return
            what = f"only the user whom {dotted(self.owner)} names{_or_one_of(self.roles)} may do this"
            raise _denied(what, "USER_IS_ANOTHER")
        if self.roles:
            raise _denied(f"one of these roles is needed: {', '.join(self.roles)}", "ROLE_MISSING")

    def require_in(self, principal: Principal, request: Message) -> None:
        """Do as `require`, with the owner that a request names."""
        self.require(principal, self._named(request))

    def require_at(self, principal: Principal, route: Route, variables: Mapping[str, str]) -> None:
        """Do as `require`, with the owner that the path of a request names, before its body was read."""
        owners = [text for path, text in variables.items() if self.owner and route.path_fields[path] == self.owner]
        self.require(principal, owners[0] if owners else "")

    def _named(self, request: Message) -> str:
        value: object = request
        for field in self.owner:
            value = getattr(value, field.name)
        return value if isinstance(value, str) else ""


@lru_cache(_KEPT)
def policy_of(method: MethodDescriptor) -> Policy:
    """Return the policy of an rpc.

    Raises:
        PolicyError: It asks those for roles who prove nothing, or its owner is no text in the path of each binding.
        RouteError: Its google.api.http is at fault.
        TemplateError: A path template is.
    """
    declared = method.GetOptions().Extensions[access_pb2.access]
    if (declared.roles or declared.owner) and declared.level != access_pb2.ACCESS_LEVEL_AUTHENTICATED:
        raise PolicyError(f"{method.full_name}: roles and owner need level ACCESS_LEVEL_AUTHENTICATED")
    owner = _owner(method, declared.owner) if declared.owner else ()
    return Policy(declared.level, tuple(declared.roles), owner)


def policies_of(service: ServiceDescriptor) -> dict[str, Policy]:
    """Return the policies of a service, by the full names of its rpcs.

    Raises:
        PolicyError: One of them cannot be enforced, see `policy_of`.
    """
    return {method.full_name: policy_of(method) for method in service.methods}


def _owner(method: MethodDescriptor, path: str) -> FieldPath:
    fields = resolve(method.input_type, path)
    if fields is None or dotted(fields) != path:
        raise PolicyError(f"{method.full_name}: {method.input_type.full_name} has no field {path!r} for the owner")
    if fields[-1].type != FieldDescriptor.TYPE_STRING or fields[-1].is_repeated:
        raise PolicyError(f"{method.full_name}: the owner {path!r} is not one string")
    # An edge decides before it reads a body, and a body says nothing else than the path.
    for route in routes_of(method.containing_service):
        if route.method.name == method.name and fields not in route.path_fields.values():
            raise PolicyError(f"{method.full_name}: the path {route.template.text} does not have the owner {path!r}")
    return fields


def _same(subject: str, owner: str) -> bool:
    # An identifier has one spelling in a token, and several in a request.
    try:
        return bool(owner) and (subject == owner or uuid.UUID(subject) == uuid.UUID(owner))
    except ValueError:
        return False


def _or_one_of(roles: tuple[str, ...]) -> str:
    return f" and those with one of these roles: {', '.join(roles)}" if roles else ""


def _denied(message: str, reason: str) -> ServiceError:
    return ServiceError(grpc.StatusCode.PERMISSION_DENIED, message, reason=reason)
