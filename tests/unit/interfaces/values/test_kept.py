from collections.abc import Mapping

import pytest

from servanda.interfaces.values.document import parse
from servanda.interfaces.values.kept import Kept, deviations

DOCUMENT = """
[formats.user]
key = "{namespace}:user:{user_id}"
type = "hash"
ttl = 30
writers = ["users"]
readers = ["users"]

[formats.user.fields]
revision = { content = "integer" }
user = { content = "json", required = false }

[formats.wishes]
key = "{namespace}:user:{user_id}"
type = "string"
content = "text"
ttl = 300
writers = ["users"]
readers = ["users"]

[formats.kept]
key = "{namespace}:kept"
type = "string"
content = "integer"
ttl = "none"
writers = ["users"]
readers = ["users"]

[formats.told]
key = "{namespace}:told"
type = "channel"
content = "text"
writers = ["users"]
readers = ["users"]
"""
FORMATS = parse(DOCUMENT, "contracts/values/users.toml")
REVISION: Mapping[str, bytes] = {"revision": b"7"}


def found(kept: Kept) -> list[tuple[str, str, str | None, str | None]]:
    return [(each.key, each.place, each.expected, each.actual) for each in deviations(kept, FORMATS, "run-1")]


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param(Kept("run-1:user:u1", "hash", 29.5, REVISION), id="as declared"),
        pytest.param(Kept("run-1:user:u1", "hash", 30.4, REVISION), id="just written, by a clock a little ahead"),
        pytest.param(Kept("run-1:user:u1", "string", 200.0, {"": b"none"}), id="another format of the same keys"),
        pytest.param(Kept("run-1:user:u1", "hash", 1.0, {**REVISION, "user": b"{}"}), id="with what is optional"),
        pytest.param(Kept("run-1:kept", "string", None, {"": b"-1"}), id="for ever, as declared"),
        pytest.param(Kept("run-1:kept", "string", 5.0, {"": b"1"}), id="for a shorter time than ever"),
    ],
)
def test_what_a_format_admits_is_no_deviation(kept: Kept) -> None:
    assert found(kept) == []


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("session:4f1c:open", "session:*:open"),
        ("user-2:7f1f0f6e-2b1c-4c5d-8e9f-0000000a0701", "user-2:*"),
        ("item2:e0be14e6", "item2:*"),
        ("job_123", "*"),
        ("limit:127.0.0.1:80", "limit:*:*"),
        ("mails:ada7@example.org", "mails:*"),
        ("2", "*"),
    ],
)
def test_a_key_of_no_format_is_told_without_what_names_one_value(key: str, told: str) -> None:
    assert found(Kept(f"run-1:{key}", "string", 5.0)) == [(f"{{namespace}}:{told}", "key", None, "string")]


def test_a_channel_declares_no_key() -> None:
    assert found(Kept("run-1:told", "string", 5.0)) == [("{namespace}:told", "key", None, "string")]


def test_another_type_is_told() -> None:
    assert found(Kept("run-1:user:u1", "list", 5.0)) == [
        ("{namespace}:user:{user_id}", "type", "hash or string", "list")
    ]


@pytest.mark.parametrize(("ttl", "actual"), [(None, "none"), (90.0, "90 s")])
def test_a_value_that_stays_longer_is_told(ttl: float | None, actual: str) -> None:
    assert found(Kept("run-1:user:u1", "hash", ttl, REVISION)) == [
        ("{namespace}:user:{user_id}", "ttl", "30 s", actual)
    ]


@pytest.mark.parametrize(
    ("contents", "place", "expected", "actual"),
    [
        pytest.param({"revision": b"r7"}, "value revision", "integer", "2 bytes", id="no integer"),
        pytest.param({**REVISION, "user": b"{"}, "value user", "json", "1 bytes", id="no JSON"),
        pytest.param({**REVISION, "format": b"2"}, "value format", None, "format", id="a field more"),
        pytest.param({"user": b"{}"}, "value revision", "integer", None, id="a field that is missing"),
    ],
)
def test_contents_that_no_format_admits_are_told_without_them(
    contents: Mapping[str, bytes], place: str, expected: str | None, actual: str | None
) -> None:
    key = "{namespace}:user:{user_id}"
    assert found(Kept("run-1:user:u1", "hash", 5.0, contents)) == [(key, place, expected, actual)]
