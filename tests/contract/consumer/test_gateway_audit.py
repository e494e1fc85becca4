"""What the gateway needs of audit: driven through its own edge."""

from pact import match
from plt.audit.v1 import audit_pb2

from platformkit.channels import grpc_channel
from servanda import PactWith
from tests.contract.consumer.conftest import Edge

AUDIT = audit_pb2.DESCRIPTOR.services_by_name["AuditService"]
ENTRIES = "plt.audit.v1.AuditService/ListEntries"
# Nobody else's: events about the users of other interactions reach the audit trail at any time.
SUBJECT = "users/7f1f0f6e-2b1c-4c5d-8e9f-00000000a0d1"


async def test_entries_about_a_subject(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "audit")
    (
        pact.upon_calling("entries about a subject", ENTRIES)
        .given("an audit entry exists", subject=SUBJECT, kind="USER_UPDATED", changed_fields=["email"])
        .with_request({"subject": SUBJECT})
        .will_respond_with(
            {
                "entries": [
                    {
                        "kind": "ENTRY_KIND_USER_UPDATED",
                        "subject": SUBJECT,
                        "changed_fields": ["email"],
                        "occur_time": {"seconds": match.int(1767323045)},
                        "request_id": match.str("request-1"),
                        "details": {"email": match.str("ada@example.com")},
                    }
                ]
            }
        )
    )
    with pact.serve_grpc() as target:
        async with edge(AUDIT, grpc_channel(target)) as client:
            answer = await client.get("/v1/audit/entries", params={"subject": SUBJECT})

    (entry,) = answer.json()["entries"]
    assert (entry["kind"], entry["changedFields"]) == ("ENTRY_KIND_USER_UPDATED", ["email"])


async def test_no_entries(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "audit")
    (
        pact.upon_calling("entries about a subject that nothing happened to", ENTRIES)
        .given("no audit entries exist", subject="users/nobody")
        .with_request({"subject": "users/nobody", "kind": "ENTRY_KIND_USER_CREATED"})
        .will_respond_with({})
    )
    with pact.serve_grpc() as target:
        async with edge(AUDIT, grpc_channel(target)) as client:
            query = {"subject": "users/nobody", "kind": "ENTRY_KIND_USER_CREATED"}
            answer = await client.get("/v1/audit/entries", params=query)

    assert answer.json().get("entries", []) == []


async def test_a_page_of_entries_leads_to_the_next(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "audit")
    (
        pact.upon_calling("a first page of entries", ENTRIES)
        .given("audit entries exist", subject=SUBJECT, count=3)
        .with_request({"subject": SUBJECT, "page_size": 1})
        .will_respond_with({"entries": [{"subject": SUBJECT}], "next_page_token": match.str("token")})
    )
    with pact.serve_grpc() as target:
        async with edge(AUDIT, grpc_channel(target)) as client:
            answer = await client.get("/v1/audit/entries", params={"subject": SUBJECT, "pageSize": 1})

    assert answer.json()["nextPageToken"] == "token"


async def test_a_page_token_that_audit_did_not_issue(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "audit")
    (
        pact.upon_calling("a page token that audit did not issue", ENTRIES)
        .with_request({"subject": SUBJECT, "page_token": "forged"})
        .will_fail_with("INVALID_ARGUMENT", match.str("the page token was not issued for this request"))
    )
    with pact.serve_grpc() as target:
        async with edge(AUDIT, grpc_channel(target)) as client:
            answer = await client.get("/v1/audit/entries", params={"subject": SUBJECT, "pageToken": "forged"})

    assert answer.status_code == 400
