"""Whatever a tree holds, what is written for it can be loaded."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.adoption import Pipeline, ProtoChoice, Survey, checking_files, configuration_draft, look, own_files
from servanda.configuration import parse_configuration
from tests.unit.adoption.conftest import OPENAPI, pact, proto

PARTS = st.sampled_from(
    ["api", "proto", "services", "a b", "it's", '"q"', "#x", "[t]", "{env.A}", "\u00e4", "v1", "x\\y"]
)
NAMES = st.sampled_from(
    [
        *("pyproject.toml", "package.json", "go.mod", "pom.xml", "build.gradle", "compose.yaml", "requirements.txt"),
        *("shop.proto", "openapi.yaml", "web-shop.json", "main.py", "buf.yaml", ".gitlab-ci.yml"),
    ]
)
WORDS = st.text(max_size=12)
CONTENTS = st.one_of(
    WORDS,
    st.builds(pact, WORDS, WORDS),
    st.builds(proto, st.sampled_from(["shop.v1", "api", "a.b.c"])),
    st.builds(lambda name: json.dumps({"name": name, "scripts": {"start": "x"}}), WORDS),
    st.builds(lambda name: f'[project]\nname = {json.dumps(name)}\ndependencies = ["fastapi"]\n', WORDS),
    st.sampled_from(
        [OPENAPI, "app = FastAPI()\n", "package main\n", "services: {a: {image: postgres}}\n", "version: v2\n"]
    ),
)
PATHS = st.builds(lambda parts, name: "/".join([*parts, name]), st.lists(PARTS, max_size=3), NAMES)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(PATHS, CONTENTS, max_size=8))
def test_what_is_written_can_be_loaded(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, content in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content.encode("utf-8", "surrogatepass"))
        findings = look(Survey(root))
        roots = (*findings.buf_folders, *findings.proto_roots)
        choice = ProtoChoice(roots[0] or ".", roots[:2], roots[1:], "a\nproblem") if roots else ProtoChoice()

        draft = configuration_draft(findings, choice)
        found = parse_configuration(draft.encode(), root / "servanda.toml")

        assert not found.services
        assert set(findings.consumers) <= set(found.pacticipants)
        for planned in (*own_files(draft, choice), *checking_files(choice, Pipeline.GITLAB, "", hook=True)):
            if planned.path != "servanda.toml":
                yaml.safe_load(planned.text)
