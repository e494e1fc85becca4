"""``buf.yaml`` means to the suite what it means to buf; the real buf is the judge."""

import json
import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from bench.compatibility.agreement import compiled
from bench.compatibility.chance import Chance
from servanda.interfaces.protobuf.check import check
from servanda.interfaces.protobuf.inputs import Opener
from servanda.interfaces.protobuf.rules.table import BUF_RULES

Place = tuple[str, str, int, int, int, int]
BUF = Path(sysconfig.get_path("scripts"), "buf")
RULES = {rule.id for rule in BUF_RULES}
BEFORE = """syntax = "proto3";
package {package};
message Order {{ string order_id = 1; int32 quantity = 2; }}
enum State {{ STATE_UNSPECIFIED = 0; STATE_OPEN = 1; }}
"""
DEFAULTS = """syntax = "proto2";
package defaults.v1;
message Open {{ extensions 100 to 199; optional int32 limit = 1 [default = {default}]; }}
{extension}
"""
OLD = {
    "defaults/v1/defaults.proto": DEFAULTS.format(default=1, extension="extend Open { optional int32 x = 100; }"),
    "shop/v1/order.proto": BEFORE.format(package="shop.v1"),
    "stock/v1beta1/stock.proto": BEFORE.format(package="stock.v1beta1"),
    "gone/v1/gone.proto": BEFORE.format(package="gone.v1"),
}
NEW = {
    "defaults/v1/defaults.proto": DEFAULTS.format(default=2, extension=""),
    "shop/v1/order.proto": OLD["shop/v1/order.proto"].replace("int32 quantity", "string amount"),
    "stock/v1beta1/stock.proto": OLD["stock/v1beta1/stock.proto"].replace("STATE_OPEN = 1; ", ""),
}


def written(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def ours(folder: Path) -> set[Place]:
    opener = Opener(folder, folder / "cache")
    found = [each.finding for each in check(opener.open("new"), [opener.open("old")])]
    return {
        (
            each.rule,
            each.span.path,
            each.span.start_line,
            each.span.start_column,
            each.span.end_line,
            each.span.end_column,
        )
        for each in found
        if each.rule in RULES
    }


def theirs(folder: Path) -> set[Place] | None:
    """What buf finds; ``None`` if the document leaves no rule, which it takes for a defect of its own."""
    command = [str(BUF), "breaking", "new", "--against", "old", "--exclude-imports", "--error-format", "json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if "resultRules was empty" in done.stderr:
        return None
    assert done.returncode in (0, 100), done.stderr
    return {
        (
            each["type"],
            each.get("path", ""),
            *(each.get(key, 0) for key in ("start_line", "start_column", "end_line", "end_column")),
        )
        for each in map(json.loads, done.stdout.splitlines())
    }


def without_gone(places: set[Place]) -> set[Place]:
    """The places, those of files that are gone without the path that only the suite shows."""
    return {place if place[1].startswith("new/") else (place[0], "", *place[2:]) for place in places}


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("", id="no document"),
        pytest.param("version: v2\n", id="v2 by default"),
        pytest.param("version: v1\n", id="v1 by default"),
        pytest.param("version: v1beta1\n", id="v1beta1 by default"),
        *(
            pytest.param(f"version: {version}\nbreaking:\n  {section}\n", id=f"{version} {section}")
            for version in ("v1beta1", "v1", "v2")
            for section in (
                "use: []",
                "use: [PACKAGE]",
                "use: [WIRE_JSON]",
                "use: [WIRE]",
                "use: [FILE, WIRE]",
                "use: [FIELD_SAME_NAME]",
                "use: [FIELD_SAME_NAME, WIRE]",
                "except: [FIELD_SAME_NAME, FILE_NO_DELETE]",
                "except: [WIRE]",
                "ignore: [shop]",
                "ignore: [shop/v1/order.proto]",
                "ignore: [gone/v1]",
                "ignore: [.]",
                "ignore: [sho]",
                "ignore_only: {FIELD_SAME_NAME: [shop], FILE_NO_DELETE: [gone]}",
                "ignore_only: {WIRE_JSON: [shop/v1]}",
                "ignore_unstable_packages: true",
                "ignore_unstable_packages: false",
            )
        ),
        pytest.param("version: v2\nbreaking:\n  use: [CSR]\n", id="v2 CSR"),
        pytest.param("version: v2\nbreaking:\n  disable_builtin: true\n", id="v2 without rules"),
        pytest.param("version: v1\nbreaking:\n  use: [FIELD_SAME_LABEL, FIELD_SAME_CTYPE]\n", id="v1 old names"),
        pytest.param("version: v2\nmodules:\n  - path: .\n    breaking: {use: [WIRE]}\n", id="module"),
        pytest.param(
            "version: v2\nmodules:\n  - path: .\n    breaking: {use: [WIRE]}\nbreaking: {ignore: [shop]}\n",
            id="module before workspace",
        ),
    ],
)
def test_a_document_means_the_same(tmp_path: Path, document: str) -> None:
    written(tmp_path / "old", OLD)
    written(tmp_path / "new", {**NEW, **({"buf.yaml": document} if document else {})})

    assert without_gone(ours(tmp_path)) == theirs(tmp_path)


@pytest.mark.parametrize("key", ["ignore: {}", "ignore_only: {{FIELD_SAME_TYPE: {}}}"])
def test_a_path_within_another_one_is_left_out_where_buf_refuses_the_document(tmp_path: Path, key: str) -> None:
    found = []
    for paths in ("[shop]", "[shop, shop/v1]"):
        document = f"version: v2\nbreaking:\n  {key.format(paths)}\n"
        written(tmp_path / "old", OLD)
        written(tmp_path / "new", {**NEW, "buf.yaml": document})
        found.append(ours(tmp_path))

    assert found[0] == found[1]
    command = [str(BUF), "breaking", "new", "--against", "old"]
    refused = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "is within" in refused.stderr


def test_every_module_obeys_its_own_rules(tmp_path: Path) -> None:
    document = """version: v2
modules:
  - path: first
  - path: second
    breaking:
      use: [WIRE]
      ignore: [second/stock]
breaking:
  use: [FILE]
  ignore: [first/gone]
"""
    for side, files in {"old": OLD, "new": NEW}.items():
        written(tmp_path / side, {"buf.yaml": document})
        written(tmp_path / side / "first", files)
        moved = {f"second/{path}": text.replace("package ", "package second.") for path, text in files.items()}
        written(tmp_path / side / "second", moved)

    assert without_gone(ours(tmp_path)) == theirs(tmp_path)


def test_a_workspace_of_the_older_format_means_the_same(tmp_path: Path) -> None:
    for side, files in {"old": OLD, "new": NEW}.items():
        written(tmp_path / side, {"buf.work.yaml": "version: v1\ndirectories: [first, second]\n"})
        written(tmp_path / side / "first", {**files, "buf.yaml": "version: v1\nbreaking: {use: [WIRE_JSON]}\n"})
        moved = {f"second/{path}": text.replace("package ", "package second.") for path, text in files.items()}
        written(tmp_path / side / "second", {**moved, "buf.yaml": "version: v1\nbreaking: {ignore: [second/shop]}\n"})

    assert without_gone(ours(tmp_path)) == theirs(tmp_path)


def test_the_roots_of_the_oldest_format_mean_the_same(tmp_path: Path) -> None:
    document = """version: v1beta1
build:
  roots: [first, second]
  excludes: [second/stock]
breaking:
  ignore: [gone]
  ignore_only: {FIELD_SAME_NAME: [shop/v1]}
"""
    for side, files in {"old": OLD, "new": NEW}.items():
        written(tmp_path / side, {"buf.yaml": document})
        written(tmp_path / side / "first", files)
        moved = {path.replace("/v", "2/v"): text.replace("package ", "package second.") for path, text in files.items()}
        written(tmp_path / side / "second", moved)
        written(tmp_path / side / "second/stock", files)

    assert without_gone(ours(tmp_path)) == theirs(tmp_path)


CATEGORIES = st.lists(st.sampled_from(["FILE", "PACKAGE", "WIRE_JSON", "WIRE", "CSR", *sorted(RULES)]), max_size=3)
# buf refuses a path within another one.
PATHS = st.lists(st.sampled_from(["pkg0/v1/f0.proto", "pkg1/v1", "pkg2", "pkg"]), max_size=2, unique=True)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(
    seed=st.integers(min_value=0, max_value=2**32),
    use=CATEGORIES,
    excepted=CATEGORIES,
    ignored=PATHS,
    ignored_only=st.dictionaries(st.sampled_from(["FILE", "WIRE", "FIELD_SAME_TYPE"]), PATHS, max_size=2),
    unstable=st.booleans(),
)
def test_random_documents_mean_the_same_on_random_edits(
    seed: int,
    use: list[str],
    excepted: list[str],
    ignored: list[str],
    ignored_only: dict[str, list[str]],
    unstable: bool,
) -> None:
    note(f"seed {seed}")
    section = {"use": use, "except": excepted, "ignore": ignored, "ignore_unstable_packages": unstable}
    document = {"version": "v2", "breaking": {**section, "ignore_only": ignored_only}}
    chance = Chance(Random(seed))  # noqa: S311 - a seed makes it repeatable
    before = chance.workspace(3)
    with TemporaryDirectory() as scratch:
        for name, workspace in (("old", before), ("new", chance.edited(before, 8))):
            sources = {unstabled(path): unstabled(text) for path, text in workspace.rendered().items()}
            assume(compiled(sources) is not None)
            written(Path(scratch, name), sources)
        written(Path(scratch, "new"), {"buf.yaml": json.dumps(document)})

        expected = theirs(Path(scratch))
        # Of what protoc accepts, buf's own compiler refuses a little: java_string_check_utf8 in an edition.
        assume(expected is not None and not any(rule == "COMPILE" for rule, *_ in expected))

        assert without_gone(ours(Path(scratch))) == expected


def unstabled(text: str) -> str:
    """The same with an unstable package among the others."""
    return text.replace("pkg2.v1", "pkg2.v1beta1").replace("pkg2/v1", "pkg2/v1beta1")
