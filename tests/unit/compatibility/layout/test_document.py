"""Parts of YAML documents."""

import itertools

import pytest
import yaml

from servanda.compatibility.layout.document import parse


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("version: v2\nplugins: [a]\nlint: {use: [B]}\n", {"version": "v2", "lint": {"use": ["B"]}}),
        ("plugins: &x [a]\nlint: *x\n", {"lint": ["a"]}),
        ("lint: &x [a]\n<<: {lint: [b], plugins: [c]}\n", {"lint": ["a"]}),
        ("<<: {version: v2}\n", {}),
        ("", {}),
    ],
)
def test_only_the_keys_that_are_asked_for_are_kept(text: str, kept: object) -> None:
    assert yaml.safe_load(parse(text.encode(), "buf.yaml").only("version", "lint")) == kept


def test_an_alias_stays_an_alias() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in itertools.pairwise("abcde")
    )

    assert len(parse(f"{bomb}lint: *e\n".encode(), "buf.yaml").only("lint")) < 1000
