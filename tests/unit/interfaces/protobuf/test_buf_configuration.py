"""What reaches buf of its configuration."""

import itertools

import pytest
import yaml

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.buf_configuration import DEFAULT, read_buf_configuration


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("version: v2\nplugins: [a]\nlint: {use: [B]}\n", {"version": "v2", "lint": {"use": ["B"]}}),
        ("plugins: &x [a]\nlint: *x\n", {"lint": ["a"]}),
        ("lint: &x [a]\n<<: {lint: [b], plugins: [c]}\n", {"lint": ["a"]}),
        ("<<: {version: v2}\n", {}),
        ("hooks: {lint: [a]}\nlint: {}\n", {"lint": {}}),
        ("lint: {}\nbreaking: {except: [HTTP]}\n", {"lint": {}}),
        ("modules: [{path: a, breaking: {except: [HTTP]}}]\n", {"modules": [{"path": "a"}]}),
        ("", {"version": "v2"}),
    ],
)
def test_only_what_its_own_rules_need_is_kept(text: str, kept: object) -> None:
    assert yaml.safe_load(read_buf_configuration(text.encode(), "buf.yaml").reduced) == kept


def test_what_may_be_a_program_is_told_with_its_place() -> None:
    found = read_buf_configuration(b"version: v2\npolicies: []\nplugins: [a]\n", "buf.yaml")

    assert found.programs == (("plugins", "buf.yaml:3:1"),)


def test_an_alias_stays_an_alias() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in itertools.pairwise("abcde")
    )

    assert len(read_buf_configuration(f"{bomb}lint: *e\n".encode(), "buf.yaml").reduced) < 1000


@pytest.mark.parametrize("content", [b"- a\n", b"a: [", b"\xff", b"a: b\n---\nplugins: [c]\n"])
def test_what_is_no_mapping_is_refused(content: bytes) -> None:
    with pytest.raises(InterfaceError):
        read_buf_configuration(content, "buf.yaml")


def test_a_document_of_nothing_is_the_one_that_is_assumed() -> None:
    assert read_buf_configuration(b"# nothing\n", "buf.yaml") == DEFAULT
