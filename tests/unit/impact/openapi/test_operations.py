"""Paths of a document whose templates could take years to match."""

import json

from servanda.interfaces.openapi.document import Document
from servanda.interfaces.openapi.usage.operations import Operations
from servanda.patterns import PatternBounds, within


def operations(path: str) -> Operations:
    read = Document(json.dumps({"openapi": "3.1.0", "paths": {path: {"get": {"responses": {}}}}}), "shop.json")
    return Operations(read, read)


def test_a_template_of_many_variables_is_matched_in_no_time() -> None:
    template = "/" + "".join(f"{{v{number}}}" for number in range(30)) + "/end"
    with within(PatternBounds(seconds=0.5)):
        assert operations(template).called("GET", "/" + "a" * 60 + "/x/end") is None


def test_a_template_of_braces_alone_is_read_in_no_time() -> None:
    assert operations("/" + "{" * 100_000).called("GET", "/a") is None
