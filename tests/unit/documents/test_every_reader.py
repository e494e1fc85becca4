"""Whatever a document holds, its reader returns or raises an error of the suite."""

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomlkit
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servanda import configuration
from servanda.errors import ServandaError
from servanda.interfaces.openapi.check import check_document
from servanda.interfaces.openapi.document import Document
from servanda.interfaces.protobuf.layout import lay_out
from servanda.interfaces.trees import ContentTree
from servanda.interfaces.usage import log
from servanda.pact.load import parse
from servanda.policy import baseline, waivers

WORDS = (
    *(
        "services",
        "interfaces",
        "root",
        "contracts",
        "pacts",
        "pacticipants",
        "command",
        "transports",
        "stores",
        "tool",
    ),
    *("waiver", "rule", "element", "reason", "expires", "fingerprint", "findings", "format", "consumer", "provider"),
    *(
        "reads",
        "writes",
        "date",
        "version",
        "transport",
        "placed",
        "test",
        "modules",
        "path",
        "breaking",
        "use",
        "ignore",
    ),
    *("ignore_only", "excludes", "directories", "interactions", "description", "request", "response", "contents"),
    *(
        "matchingRules",
        "body",
        "$.a",
        "matchers",
        "match",
        "generators",
        "content",
        "encoded",
        "providerStates",
        "name",
    ),
    *(
        "openapi",
        "paths",
        "/a",
        "get",
        "parameters",
        "responses",
        "200",
        "schema",
        "$ref",
        "allOf",
        "callbacks",
        "type",
    ),
)
TEXTS = st.sampled_from([*WORDS, "", "3.1.0", "v2", "v1", "#/paths/~1a", "regex", "http", "2026-01-01", "\x00", "../x"])
LEAVES = st.none() | st.booleans() | st.integers(-2, 2) | st.just(10**30) | st.floats(-1e9, 1e9) | TEXTS
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=25,
)
PACT = {"metadata": {"pactSpecification": {"version": "4.0"}}, "consumer": {"name": "c"}, "provider": {"name": "p"}}


def read_configuration(folder: Path, value: Any) -> None:
    path = folder / "servanda.toml"
    path.write_text(tomlkit.dumps(without_null(value)), encoding="utf-8")
    configuration.load(path)


def read_waivers(folder: Path, value: Any) -> None:
    path = folder / "waivers.toml"
    path.write_text(tomlkit.dumps({"waiver": [without_null(value)]}), encoding="utf-8")
    waivers.load(path, "waivers.toml")


def read_baseline(folder: Path, value: Any) -> None:
    path = folder / "baseline.json"
    path.write_text(json.dumps({"format": 1, "findings": [value]}), encoding="utf-8")
    baseline.load(path, "baseline.json")


def read_usage(folder: Path, value: Any) -> None:
    path = folder / "usage.json"
    path.write_text(json.dumps({"format": 1, "consumer": "a", "version": "", "date": "2026-01-01", **value}))
    log.load(path)


def read_contract(folder: Path, value: Any) -> None:
    parse(json.dumps({**PACT, "interactions": [{"description": "a", **value}]}), "a.json")


def read_buf(folder: Path, value: Any) -> None:
    content = yaml.safe_dump({"version": "v2", **value}, allow_unicode=True).encode()
    lay_out(ContentTree("a", {"buf.yaml": content, "a.proto": b""}), ".")


def read_openapi(folder: Path, value: Any) -> None:
    document = Document(yaml.safe_dump({"openapi": "3.1.0", "paths": {"/a": value}}), "a.yaml")
    check_document(document, document)


def without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_null(each) for key, each in value.items() if each is not None}
    return [without_null(each) for each in value if each is not None] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "read", [read_configuration, read_waivers, read_baseline, read_usage, read_contract, read_buf, read_openapi]
)
@given(value=st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=6))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_an_odd_document_is_read_or_refused(
    tmp_path: Path, read: Callable[[Path, Any], None], value: dict[str, Any]
) -> None:
    with contextlib.suppress(ServandaError):
        read(tmp_path, value)
