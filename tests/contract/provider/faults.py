"""Changes of a provider that break a consumer, as somebody could make them by mistake."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_COPIED = ("contracts", "gen", "platformkit", "proto", "services")

MESSAGES = "services/identity/adapters/messages.py"
ENTRIES = "services/audit/adapters/messages.py"
ENVELOPE = "platformkit/events/envelope.py"
IDENTITY_PROTO = "proto/plt/identity/v1/identity.proto"
EVENTS_PROTO = "proto/plt/identity/v1/events.proto"


@dataclass(frozen=True, slots=True)
class Fault:
    """One change, and what the gate has to say about it.

    Attributes:
        name: What was done.
        file: Where.
        before: Text that is there, exactly once.
        after: Text that takes its place.
        consumer: Who is hit; empty if the first stage has to stop the change.
        provider: Whose change it is.
        transport: On which transport.
        interaction: In which interaction; for the first stage the rule.
        path: At which field, header or status; for the first stage the full name of the element.
    """

    name: str
    file: str
    before: str
    after: str
    consumer: str
    provider: str
    transport: str
    interaction: str
    path: str

    def seed(self, folder: Path) -> Path:
        """A copy of the repository with the change in it, and of the contracts the one that the change breaks.

        A service that has no contract there need not start, and what the others say of the change is not asked.
        """
        for name in _COPIED:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "servanda.toml", folder)
        for pact in (folder / "contracts" / "pacts").iterdir():
            if self.consumer and pact.name != f"{self.consumer}-{self.provider}.json":
                pact.unlink()
        target = folder / self.file
        text = target.read_text(encoding="utf-8")
        assert text.count(self.before) == 1, f"{self.file} has {text.count(self.before)} times: {self.before}"
        target.write_text(text.replace(self.before, self.after), encoding="utf-8")
        return folder


PROVIDER_FAULTS = (
    Fault(
        "field dropped",
        MESSAGES,
        "        email=user.data.email,\n        profile=identity_pb2",
        "        profile=identity_pb2",
        *("gateway", "identity", "grpc", "a user that exists, over gRPC", "$.user.email"),
    ),
    Fault(
        "field dropped, seen behind the gateway",
        MESSAGES,
        "languages=user.data.profile.languages,\n        ),",
        "languages=user.data.profile.languages,\n        )\n        if False\n        else None,",
        *("web-app", "gateway", "http", "a person that exists", "$.user.profile"),
    ),
    Fault(
        "default flipped",
        "services/identity/domain/user.py",
        "self.roles or (Role.MEMBER,)",
        "self.roles or (Role.AUDITOR,)",
        *("gateway", "identity", "grpc", "a new user, over gRPC", "$.user.roles[0]"),
    ),
    Fault(
        "enum value added and sent",
        MESSAGES,
        "UserStatus.ACTIVE: identity_pb2.USER_STATUS_ACTIVE",
        "UserStatus.ACTIVE: identity_pb2.UserStatus.ValueType(3)",
        *("gateway", "identity", "grpc", "a user that exists, over gRPC", "$.user.status"),
    ),
    Fault(
        "time dropped from JSON",
        MESSAGES,
        "        create_time=_timestamp(user.create_time),\n",
        "",
        *("gateway", "identity", "http", "a user that exists, over HTTP", "$.user.createTime"),
    ),
    Fault(
        "gRPC status changed",
        "services/identity/adapters/refusals.py",
        '(grpc.StatusCode.NOT_FOUND, "USER_NOT_FOUND")',
        '(grpc.StatusCode.FAILED_PRECONDITION, "USER_NOT_FOUND")',
        *("gateway", "identity", "grpc", "a user that nobody knows, over gRPC", "status"),
    ),
    Fault(
        "HTTP status changed",
        "platformkit/status/codes.py",
        "grpc.StatusCode.ALREADY_EXISTS: HTTPStatus.CONFLICT",
        "grpc.StatusCode.ALREADY_EXISTS: HTTPStatus.UNPROCESSABLE_ENTITY",
        *("web-app", "gateway", "http", "a sign-up with an address that is taken", "status"),
    ),
    Fault(
        "reason of an error renamed",
        "services/identity/adapters/refusals.py",
        '"EMAIL_TAKEN"',
        '"ADDRESS_TAKEN"',
        *("gateway", "identity", "http", "an address that is taken, over HTTP", "$.error.details"),
    ),
    Fault(
        "response header lost",
        "platformkit/transcoding/refusal.py",
        "{**response.headers, REQUEST_ID_HEADER: current().request_id}",
        "{**response.headers}",
        *("web-app", "gateway", "http", "a person that exists", "header.x-request-id"),
    ),
    Fault(
        "response metadata lost",
        "platformkit/lifecycle/guard.py",
        "            context.set_trailing_metadata(((REQUEST_ID_HEADER, current().request_id),))\n",
        "",
        *("gateway", "identity", "grpc", "a user that exists, over gRPC", "metadata.x-request-id"),
    ),
    Fault(
        "page token lost",
        "services/audit/adapters/servicer.py",
        "next_page_token=self._listing.next_token(request, page)",
        'next_page_token=""',
        *("gateway", "audit", "grpc", "a first page of entries", "$.next_page_token"),
    ),
    Fault(
        "enum value mixed up",
        ENTRIES,
        "EntryKind.USER_UPDATED: audit_pb2.ENTRY_KIND_USER_UPDATED",
        "EntryKind.USER_UPDATED: audit_pb2.ENTRY_KIND_USER_CREATED",
        *("gateway", "audit", "grpc", "entries about a subject", "$.entries[0].kind"),
    ),
    Fault(
        "whether an account exists, given away",
        "services/auth/adapters/refusals.py",
        "CredentialsInvalidError: (grpc.StatusCode.UNAUTHENTICATED,",
        "CredentialsInvalidError: (grpc.StatusCode.NOT_FOUND,",
        *("gateway", "auth", "grpc", "a login with an address that nobody has", "status"),
    ),
    Fault(
        "used refresh token taken again",
        "services/auth/use_cases/refresh_tokens.py",
        "if token.use_time is not None:",
        "if token.use_time is not None and now < token.use_time:",
        *("gateway", "auth", "grpc", "a refresh with a token that was used", "status"),
    ),
    Fault(
        "name of a key that is a path",
        "services/auth/use_cases/rotate_keys.py",
        "json.dumps(key.public.document())",
        "json.dumps({**key.public.document(), 'kid': 'key/1'})",
        *("gateway", "auth", "http", "the public keys, over HTTP", "$.keys[0].kid"),
    ),
    Fault(
        "reason of a dead letter lost",
        "platformkit/events/dead_letter_rpcs.py",
        '        reason=letter.fact("x-error")[:ERROR_CHARACTERS],\n',
        "",
        *("gateway", "audit", "grpc", "dead letters", "$.dead_letters[0].reason"),
    ),
    Fault(
        "session of an event lost",
        "services/auth/adapters/messages.py",
        "user_id=user_id, session_id=session_id, address=address, login_time",
        "user_id=user_id, address=address, login_time",
        *("audit", "auth", "kafka", "a user logged in", "$.session_id"),
    ),
    Fault(
        "origin of a failed login lost",
        "services/auth/adapters/messages.py",
        "                address=event.address,\n",
        "",
        *("notification", "auth", "kafka", "a login failed", "$.address"),
    ),
    Fault(
        "change of an old version taken",
        "services/notification/domain/recipient.py",
        "if etag and etag != before.etag:",
        "if etag and not before.etag:",
        *(
            "gateway",
            "notification",
            "grpc",
            "a change of preferences of a version that is not the current one",
            "status",
        ),
    ),
    Fault(
        "event header lost",
        ENVELOPE,
        '        "requestid": accept_request_id(request_id),\n',
        "",
        *("audit", "identity", "kafka", "a user was created", "header.ce_requestid"),
    ),
    Fault(
        "trace of an event lost",
        ENVELOPE,
        "        **_trace_attributes(trace),\n",
        "",
        *("notification", "auth", "kafka", "a password was changed", "header.ce_traceparent"),
    ),
    Fault(
        "event type renamed",
        ENVELOPE,
        '"type": event_type.name,',
        '"type": event_type.name.lower(),',
        *("audit", "identity", "kafka", "a user was updated", "header.ce_type"),
    ),
    Fault(
        "event key changed",
        ENVELOPE,
        "key=event_type.key_of(message),",
        "key=event_id.encode(),",
        *("audit", "identity", "kafka", "a user was created", "key"),
    ),
    Fault(
        "event field dropped",
        MESSAGES,
        ", changed_fields=FieldMask(paths=event.changed_fields))",
        ")",
        *("audit", "identity", "kafka", "a user was updated", "$.changed_fields"),
    ),
    Fault(
        "event not sent",
        "services/identity/use_cases/create_user.py",
        "await transaction.events.publish(UserCreated(user))",
        "UserCreated(user)",
        *("audit", "identity", "kafka", "a user was created", ""),
    ),
)

INTERFACE_FAULTS = (
    Fault(
        "field renamed",
        IDENTITY_PROTO,
        "  string email = 2 [",
        "  string email_address = 2 [",
        *("", "identity", "proto", "FIELD_SAME_NAME", "plt.identity.v1.User.email"),
    ),
    Fault(
        "field retyped",
        "proto/plt/audit/v1/audit.proto",
        "  string event_id = 4;",
        "  bytes event_id = 4;",
        *("", "audit", "proto", "FIELD_SAME_TYPE", "plt.audit.v1.Entry.event_id"),
    ),
    Fault(
        "enum value removed",
        IDENTITY_PROTO,
        "  // Reads the audit trail.\n  ROLE_AUDITOR = 3;\n",
        "",
        *("", "identity", "proto", "ENUM_VALUE_NO_DELETE", "plt.identity.v1.Role"),
    ),
    Fault(
        "event field removed",
        EVENTS_PROTO,
        "  // When the user was deactivated.\n  google.protobuf.Timestamp deactivate_time = 2;\n",
        "",
        *("", "identity", "proto", "FIELD_NO_DELETE", "plt.identity.v1.UserDeactivated"),
    ),
)
