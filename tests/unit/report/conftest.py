"""Verdicts of each answer, and the comparison with golden files."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from servanda.verdict import (
    Consumer,
    ConsumerImpact,
    Evidence,
    Finding,
    Impact,
    InteractionResult,
    Location,
    Outcome,
    Reason,
    ReasonKind,
    Severity,
    Span,
    StageResult,
    StoreFact,
    Transport,
    Verdict,
    decide,
)

GOLDEN = Path(__file__).parent / "golden"
STORES = (
    StoreFact("postgres", "embedded", "PostgreSQL 18.6"),
    StoreFact("redis", "embedded", "Valkey 9.1.2"),
    StoreFact("kafka", "docker", "Apache Kafka 4.3.0"),
)
VERSIONS = {"servanda": "0.1.0", "commit": "4f2a9c1d77e0", "base": "0.1.0"}


def result(
    parties: str, transport: Transport, interaction: str, outcome: Outcome, *reasons: Reason, line: int = 12
) -> InteractionResult:
    consumer, provider = parties.split("-to-")
    evidence = Location(f"contracts/pacts/{consumer}-{provider}.json", line)
    return InteractionResult(consumer, provider, transport, interaction, outcome, evidence, reasons, 0.125)


HELD = (
    result("web-app-to-gateway", Transport.HTTP, "a request for a user", Outcome.HELD),
    result("web-app-to-gateway", Transport.HTTP, "a request for an unknown user", Outcome.HELD, line=40),
    result("gateway-to-identity", Transport.GRPC, "a call of GetUser", Outcome.HELD),
    result("audit-to-identity", Transport.KAFKA, "a user was created", Outcome.HELD),
)
BROKEN = (
    result(
        "web-app-to-gateway",
        Transport.HTTP,
        "a request for a user",
        Outcome.BROKEN,
        Reason(
            ReasonKind.MISMATCH,
            "the field 'email' | is missing",
            "$.user['email']",
            '"ada@example.org"',
            None,
            Location(".servanda/gate/logs/gateway.log", 7),
        ),
        Reason(ReasonKind.MISMATCH, "the status differs", "status", "200", "404"),
    ),
    HELD[1],
    HELD[2],
    result(
        "audit-to-identity",
        Transport.KAFKA,
        "a user was created",
        Outcome.UNKNOWN,
        Reason(ReasonKind.STATE_MISSING, "no handler is configured for the state 'a user was created'"),
    ),
)
RENAMED = Finding(
    "FIELD_SAME_NAME",
    "BREAKING",
    Severity.ERROR,
    Span("proto/plt/identity/v1/identity.proto", 88, 10, 88, 19),
    "plt.identity.v1.Profile.full_name",
    'Field "1" on message "Profile" changed name from "display_name" to "full_name".',
    "4c28d00ad55a91c0",
)

READ = Evidence(
    "pact", "contracts/pacts/web-app-gateway.json", "a person", "test_web_app.py::test", "4f2a", "2026-11-01"
)
HITS = (
    ConsumerImpact(Consumer("web-app", "team-web"), Impact.BROKEN, (READ,)),
    ConsumerImpact(Consumer("audit"), Impact.UNKNOWN),
)


def verdict_of(*stages: StageResult) -> Verdict:
    return decide(stages, STORES, VERSIONS)


VERDICTS: Mapping[str, Verdict] = {
    "yes": verdict_of(
        StageResult("interfaces", Outcome.HELD, 0.31),
        StageResult("consumers", Outcome.HELD, 4.2),
        StageResult("providers", Outcome.HELD, 9.34, results=HELD),
        StageResult("end-to-end", Outcome.HELD, 6.0),
    ),
    "no": verdict_of(
        StageResult("interfaces", Outcome.HELD, 0.31),
        StageResult("consumers", Outcome.HELD, 4.2),
        StageResult("providers", Outcome.BROKEN, 9.34, results=BROKEN),
        StageResult("end-to-end", Outcome.SKIPPED),
    ),
    "renamed": decide(
        (
            StageResult("interfaces", Outcome.BROKEN, 0.31, findings=(RENAMED,)),
            StageResult("consumers", Outcome.SKIPPED),
            StageResult("providers", Outcome.SKIPPED),
            StageResult("end-to-end", Outcome.SKIPPED),
        ),
        versions=VERSIONS,
    ),
    "hit": decide(
        (
            StageResult("interfaces", Outcome.BROKEN, 0.31, findings=(replace(RENAMED, consumers=HITS),)),
            StageResult("consumers", Outcome.SKIPPED),
        ),
        versions=VERSIONS,
    ),
    "unknown": decide(
        (
            StageResult("interfaces", Outcome.HELD, 0.31),
            StageResult("consumers", Outcome.HELD, 4.2),
            StageResult(
                "providers",
                Outcome.UNKNOWN,
                2.0,
                reasons=(Reason(ReasonKind.COULD_NOT_RUN, "no Java was found\nhint: install servanda[embedded]"),),
            ),
            StageResult("end-to-end", Outcome.SKIPPED),
        ),
        versions=VERSIONS,
    ),
}


@pytest.fixture(params=VERDICTS)
def name(request: pytest.FixtureRequest) -> str:
    """Of one of the verdicts."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def verdict(name: str) -> Verdict:
    return VERDICTS[name]


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with a file in ``golden/``; ``UPDATE_GOLDEN=1`` writes the file anew, for review."""

    def compare(file: str, actual: str) -> None:
        path = GOLDEN / file
        if os.environ.get("UPDATE_GOLDEN"):
            path.write_text(actual, encoding="utf-8")
        assert actual == path.read_text(encoding="utf-8")

    return compare
