"""The gateway of the running platform does what its OpenAPI document says, whatever is sent to it."""

from pathlib import Path
from typing import Any

import httpx2
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

ROOT = Path(__file__).resolve().parents[4]
# Not among them: the refusal of all that the schema does not allow. ProtoJSON takes more than it writes, null for an
# absent field and numbers for enums, and the document says what to write.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    allow_header_conformance,
    unsupported_method,
]

document = schemathesis.openapi.from_path(ROOT / "contracts" / "openapi" / "gateway.json")


@document.parametrize()
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
def test_the_gateway_does_what_its_document_says(case: Case[Any], operator: httpx2.Client) -> None:
    token = {"Authorization": operator.headers["Authorization"]}
    case.call_and_validate(base_url=str(operator.base_url), headers=token, checks=CHECKS)
