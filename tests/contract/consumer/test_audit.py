"""What the audit trail needs of identity's events: driven through its own handler."""

from pact import match

from servanda import PactWith
from services.audit.domain.entry import EntryKind
from tests.contract.consumer.conftest import Recorded

USER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-000000000001"
EVENT_ID = "0b6e9a52-8f0d-4b7e-9c3a-000000000001"
TIME = "2026-01-02T03:04:05Z"
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACE_PARENT = f"00-{TRACE_ID}-b7ad6b7169203331-01"
TRACE_STATE = "web-app=1"


def cause(request: str) -> dict[str, str]:
    """Return the parameters of a provider state in which a request with a trace has caused an event."""
    return {"request_id": request, "traceparent": TRACE_PARENT, "tracestate": TRACE_STATE}


def headers(event: str, request: str) -> dict[str, object]:
    return {
        "ce_specversion": "1.0",
        "ce_type": f"plt.identity.v1.{event}",
        "ce_id": match.uuid(EVENT_ID),
        # An event is known by its source and its id: another source would be another event.
        "ce_source": "/plt/identity",
        "ce_time": match.regex(TIME, regex=r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|\+00:00)"),
        "ce_requestid": request,
        # What follows belongs to the trace of the request, under whichever span has told of it.
        "ce_traceparent": match.regex(TRACE_PARENT, regex=rf"00-{TRACE_ID}-(?!0{{16}})[0-9a-f]{{16}}-[0-9a-f]{{2}}"),
        "ce_tracestate": TRACE_STATE,
        "content-type": "application/protobuf",
    }


async def test_a_created_user_is_recorded(pact_with: PactWith, recorded: Recorded) -> None:
    pact = pact_with("audit", "identity")
    (
        pact.upon_event("a user was created", "plt.identity.v1.UserCreated")
        .given("a user was created", user_id=USER_ID, email="ada@example.org", **cause("request-c"))
        .with_key(USER_ID)
        .with_headers(headers("UserCreated", "request-c"))
        .with_payload({"user": {"user_id": USER_ID, "email": "ada@example.org", "roles": ["ROLE_MEMBER"]}})
    )
    with pact.deliver() as delivery:
        occurrence = await recorded(delivery)

    assert (occurrence.kind, occurrence.subject) == (EntryKind.USER_CREATED, f"users/{USER_ID}")
    assert occurrence.cause.request_id == "request-c"


async def test_an_updated_user_is_recorded_with_what_changed(pact_with: PactWith, recorded: Recorded) -> None:
    pact = pact_with("audit", "identity")
    (
        pact.upon_event("a user was updated", "plt.identity.v1.UserUpdated")
        .given("a user was updated", user_id=USER_ID, display_name="Ada L.", **cause("request-u"))
        .with_key(USER_ID)
        .with_headers(headers("UserUpdated", "request-u"))
        .with_payload(
            {
                "user": {"user_id": USER_ID, "email": match.str("ada@example.org")},
                "changed_fields": {"paths": ["profile.display_name"]},
            }
        )
    )
    with pact.deliver() as delivery:
        occurrence = await recorded(delivery)

    assert occurrence.changed_fields == ("profile.display_name",)


async def test_a_deactivated_user_is_recorded(pact_with: PactWith, recorded: Recorded) -> None:
    pact = pact_with("audit", "identity")
    (
        pact.upon_event("a user was deactivated", "plt.identity.v1.UserDeactivated")
        .given("a user was deactivated", user_id=USER_ID, **cause("request-d"))
        .with_key(USER_ID)
        .with_headers(headers("UserDeactivated", "request-d"))
        .with_payload({"user_id": USER_ID, "deactivate_time": {"seconds": match.int(1767323045)}})
    )
    with pact.deliver() as delivery:
        occurrence = await recorded(delivery)

    assert (occurrence.kind, occurrence.subject) == (EntryKind.USER_DEACTIVATED, f"users/{USER_ID}")
