"""Documents of several files: references lead into any file of the tree, and findings stand where the element does."""

import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from servanda.cli import main
from servanda.errors import InterfaceError
from servanda.interfaces.openapi.check import check_document
from servanda.interfaces.openapi.document import Document
from servanda.interfaces.openapi.inputs import open_base, open_document
from servanda.verdict import Finding, Span
from tests.unit.interfaces.conftest import Desk

SHOP = """openapi: 3.1.0
paths:
  /orders:
    $ref: './paths/orders.yaml'
"""
ORDERS = """get:
  responses:
    "200":
      content:
        application/json:
          schema:
            $ref: ../schemas/order.yaml#/Order
"""
ORDER = """Order:
  properties:
    note: {$ref: 'texts.json'}
    buyer: {$ref: '#/Buyer'}
    parts: {items: {$ref: '#/Order'}}
Buyer:
  properties:
    name: {type: string}
    age: {type: integer}
"""
NOTE = '{\n  "type": "string"\n}\n'
FILES = {
    "api/shop.yaml": SHOP,
    "api/paths/orders.yaml": ORDERS,
    "api/schemas/order.yaml": ORDER,
    "api/schemas/texts.json": NOTE,
}
Edit = tuple[str, str, str]


def edited(*edits: Edit) -> dict[str, str]:
    files = dict(FILES)
    for path, old, new in edits:
        assert old in files[path]
        files[path] = files[path].replace(old, new)
    return files


@pytest.fixture
def compared(desk: Desk) -> Callable[..., tuple[Finding, ...]]:
    """What is found if the shop is edited."""

    def compare(*edits: Edit) -> tuple[Finding, ...]:
        desk.write({f"old/{path}": text for path, text in FILES.items()})
        desk.write({f"new/{path}": text for path, text in edited(*edits).items()})
        before, after = (open_document(f"{state}/api/shop.yaml", desk.folder) for state in ("old", "new"))
        return tuple(each.finding for each in check_document(before, after))

    return compare


@pytest.mark.parametrize(
    ("edit", "rule", "span", "element"),
    [
        pytest.param(
            ("api/schemas/order.yaml", "    name: {type: string}\n", "    id: {type: string}\n"),
            "OPENAPI_RESPONSE_PROPERTY_NO_DELETE",
            Span("new/api/schemas/order.yaml", 7, 3, 7, 13),
            "schemas/order.yaml#/Buyer/properties/name",
            id="a property of another file",
        ),
        pytest.param(
            ("api/schemas/texts.json", '"string"', '["string", "null"]'),
            "OPENAPI_RESPONSE_TYPE_NO_WIDEN",
            Span("new/api/schemas/texts.json", 2, 3, 2, 9),
            "schemas/texts.json#",
            id="a file that is one schema",
        ),
        pytest.param(
            ("api/paths/orders.yaml", '"200":', '"203":'),
            "OPENAPI_RESPONSE_NO_DELETE",
            Span("new/api/paths/orders.yaml", 2, 3, 2, 12),
            "paths/orders.yaml#/get/responses/200",
            id="a response of a path in another file",
        ),
    ],
)
def test_a_finding_stands_in_the_file_of_its_element(
    compared: Callable[..., tuple[Finding, ...]], edit: Edit, rule: str, span: Span, element: str
) -> None:
    [found] = [finding for finding in compared(edit) if finding.rule == rule]

    assert (found.span, found.element) == (span, element)


def test_a_finding_in_another_file_names_the_reference_that_led_there(
    compared: Callable[..., tuple[Finding, ...]],
) -> None:
    [found] = compared(("api/schemas/texts.json", '"string"', '["string", "null"]'))

    assert found.message.endswith(" (referred to at new/api/schemas/order.yaml:3:12).")


def test_a_reference_that_leads_elsewhere_is_what_was_edited(compared: Callable[..., tuple[Finding, ...]]) -> None:
    [found] = compared(("api/schemas/order.yaml", "{$ref: 'texts.json'}", "{$ref: '#/Buyer/properties/age'}"))

    assert found.element == "schemas/texts.json#"
    assert found.span == Span("new/api/schemas/order.yaml", 3, 12, 3, 16)
    assert found.message.endswith(" (the target is new/api/schemas/order.yaml:9:11).")


def test_a_reference_to_a_changed_part_is_not_what_was_edited(compared: Callable[..., tuple[Finding, ...]]) -> None:
    [found] = compared(("api/schemas/order.yaml", "    age: {type: integer}", "    age: {type: string}"))

    assert found.span == Span("new/api/schemas/order.yaml", 9, 11, 9, 15)


def test_a_place_beside_a_finding_identifies_nothing(desk: Desk) -> None:
    edit = ("api/schemas/texts.json", '"string"', '["string", "null"]')
    desk.write({f"old/{path}": text for path, text in FILES.items()})
    desk.write(edited(edit))
    desk.write(
        {
            f"moved/{path}": text
            for path, text in edited(edit, ("api/schemas/order.yaml", "Order:", "# x\nOrder:")).items()
        }
    )
    before, *after = (
        open_document(path, desk.folder) for path in ("old/api/shop.yaml", "api/shop.yaml", "moved/api/shop.yaml")
    )
    one, other = (check_document(before, each)[0].finding for each in after)

    assert one.message != other.message
    assert one.fingerprint == other.fingerprint


def test_nothing_is_found_between_equal_files(compared: Callable[..., tuple[Finding, ...]]) -> None:
    assert compared() == ()


def test_keys_beside_a_reference_keep_their_own_references(desk: Desk) -> None:
    beside = "$ref: ../schemas/order.yaml#/Buyer\n            properties: {tag: {$ref: '#/Tag'}}"
    edits = [
        ("api/paths/orders.yaml", "$ref: ../schemas/order.yaml#/Order", beside),
        ("api/paths/orders.yaml", "get:\n", "Tag: {type: string}\nget:\n"),
    ]
    changed = ("api/paths/orders.yaml", "Tag: {type: string}", "Tag: {type: integer}")
    desk.write({f"old/{path}": text for path, text in edited(*edits).items()})
    desk.write(edited(*edits, changed))

    documents = (open_document(path, desk.folder) for path in ("old/api/shop.yaml", "api/shop.yaml"))
    found = [each.finding for each in check_document(*documents)]

    assert [(each.rule, each.element) for each in found] == [
        ("OPENAPI_RESPONSE_TYPE_NO_WIDEN", "paths/orders.yaml#/Tag")
    ]


@pytest.mark.parametrize(
    ("edit", "what", "where"),
    [
        pytest.param(
            ("api/paths/orders.yaml", "order.yaml#", "lost.yaml#"),
            "there is no file 'api/schemas/lost.yaml'",
            "api/paths/orders.yaml:7:13",
            id="missing file",
        ),
        pytest.param(
            ("api/schemas/order.yaml", "'#/Buyer'", "'#/Seller'"),
            "the reference '#/Seller' leads nowhere",
            "api/schemas/order.yaml:4:13",
            id="missing part",
        ),
        pytest.param(
            (
                "api/schemas/order.yaml",
                "Order:\n",
                "Order: {$ref: '../paths/orders.yaml#/get/responses/200/content/application~1json/schema'}\nElse:\n",
            ),
            "a reference leads in a circle",
            "api/paths/orders.yaml:7:13",
            id="circle",
        ),
        pytest.param(
            ("api/paths/orders.yaml", "../schemas", "../../../schemas"),
            "the reference to '../../../schemas/order.yaml' leaves the tree",
            "api/paths/orders.yaml:7:13",
            id="out of the tree",
        ),
        pytest.param(
            ("api/paths/orders.yaml", "../schemas/order.yaml#/Order", "https://example.org/order.yaml"),
            "'https://example.org/order.yaml' is not fetched",
            "api/paths/orders.yaml:7:13",
            id="another machine",
        ),
        pytest.param(
            ("api/schemas/texts.json", '"string"', "string"),
            "invalid JSON",
            "api/schemas/texts.json:2:11",
            id="no JSON",
        ),
        pytest.param(
            ("api/schemas/order.yaml", "'#/Buyer'", "'#buyer'"),
            "the reference '#buyer' names an anchor",
            "api/schemas/order.yaml:4:13",
            id="anchor",
        ),
    ],
)
def test_a_reference_that_cannot_be_followed_is_told_with_its_place(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, edit: Edit, what: str, where: str
) -> None:
    desk.write(edited(edit))
    desk.write({f"old/{path.removeprefix('api/')}": text for path, text in FILES.items()})
    monkeypatch.chdir(desk.folder)

    done = CliRunner().invoke(main, ["check", "api/shop.yaml", "--against", "old"])

    assert done.exit_code == 2
    assert what in done.stderr
    assert f"at {where}" in done.stderr
    assert "Traceback" not in done.stderr


def tarred(files: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


def zipped(files: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return buffer.getvalue()


def in_folder(desk: Desk) -> str:
    desk.write({f"old/{path}": text for path, text in FILES.items()})
    return "old/api"


def in_tar(desk: Desk) -> str:
    desk.write({"old.tar.gz": tarred({f"v1/{path}": text for path, text in FILES.items()})})
    return "old.tar.gz#strip_components=1"


def in_zip(desk: Desk) -> str:
    desk.write({"old.zip": zipped({path.replace("api/", "spec/"): text for path, text in FILES.items()})})
    return "old.zip#subdir=spec"


def in_commit(desk: Desk) -> str:
    desk.git("init", "--quiet")
    desk.write(FILES)
    return f".git#commit={desk.commit('one')}"


def in_a_copy(desk: Desk) -> str:
    desk.write({f"old/{path}": text for path, text in FILES.items()})
    return "old"


@pytest.mark.parametrize("kept", [in_folder, in_a_copy, in_tar, in_zip, in_commit])
def test_each_state_is_read_from_its_own_tree(desk: Desk, kept: Callable[[Desk], str]) -> None:
    base = kept(desk)
    desk.write(edited(("api/schemas/order.yaml", "    name: {type: string}\n", "    id: {type: string}\n")))

    before = open_base(base, "api/shop.yaml", desk.folder)

    assert before is not None
    [found] = (each.finding for each in check_document(before, open_document("api/shop.yaml", desk.folder)))
    assert found.element == "schemas/order.yaml#/Buyer/properties/name"
    assert found.span == Span("api/schemas/order.yaml", 7, 3, 7, 13)


@pytest.mark.parametrize("base", ["old", "old.tar.gz"])
def test_a_document_that_the_base_does_not_hold_is_new(desk: Desk, base: str) -> None:
    desk.write({"old/other.yaml": SHOP, "old.tar.gz": tarred({"api/other.yaml": SHOP})})

    assert open_base(base, "api/shop.yaml", desk.folder) is None


def test_a_file_from_elsewhere_has_to_be_named_in_an_archive(desk: Desk) -> None:
    desk.write({"old.tar.gz": tarred(FILES), "api/shop.yaml": SHOP, "work/x": ""})

    with pytest.raises(InterfaceError, match=r"an archive has no place for '\.\./api'"):
        open_base("../old.tar.gz", "../api/shop.yaml", desk.folder / "work")
    assert open_base("../old.tar.gz#subdir=api", "../api/shop.yaml", desk.folder / "work") is not None


def test_a_document_without_a_tree_has_one_file() -> None:
    document = Document(SHOP, "shop.yaml")

    with pytest.raises(InterfaceError, match=r"shop\.yaml:4:5: the reference to './paths/orders.yaml' leaves the tree"):
        check_document(document, document)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: &a\n  b: *a\n", r"a\.yaml:2:6: an alias contains itself", id="alias in itself"),
        pytest.param("a: 1\na: 2\n", r"a\.yaml:2:1: duplicate key 'a', first at 1:1", id="a key twice"),
        pytest.param(f"a: {'{a: ' * 9999}", r"a\.yaml:1:\d+: nested more than 100 levels deep", id="depth"),
        pytest.param("a: !!binary aGk=\n", r"a\.yaml:1:4: a value of type", id="a kind that JSON has not"),
    ],
)
def test_yaml_that_json_could_not_say_is_refused(text: str, expected: str) -> None:
    with pytest.raises(InterfaceError, match=expected):
        Document(text, "a.yaml")


def test_keys_and_dates_are_texts(tmp_path: Path) -> None:
    document = Document("openapi: 3.1.0\ninfo: {on: 2026-11-22, 1.0: {<<: {a: 1}, b: null}}\n", "a.yaml")

    assert document.root.value["info"] == {"on": "2026-11-22", "1.0": {"a": 1, "b": None}}


@pytest.fixture
def walled(desk: Desk) -> Desk:
    """A repository with a document that refers to another file, beside something secret."""
    desk.write({"secret.yaml": "password: 1\n", "w/.git/HEAD": "", "w/.git/config": "token: 1\n"})
    return desk


def open_referring(desk: Desk, reference: str) -> None:
    text = f"openapi: 3.1.0\npaths:\n  /a: {{$ref: {json.dumps(reference)}}}\n"
    desk.write({"w/api/shop.yaml": text})
    document = open_document("w/api/shop.yaml", desk.folder)
    check_document(document, document)


@pytest.mark.parametrize("target", ["../../secret.yaml", "/etc/passwd", "/dev/zero", "../.git/config"])
def test_a_link_that_a_reference_leads_to_stays_in_the_tree(walled: Desk, target: str) -> None:
    (walled.folder / "w" / "api").mkdir()
    (walled.folder / "w" / "api" / "link.yaml").symlink_to(target)

    with pytest.raises(InterfaceError, match=rf"link\.yaml' points to '{target}', outside of the tree"):
        open_referring(walled, "link.yaml#/a")


@pytest.mark.parametrize(
    "reference",
    [
        *("../../secret.yaml", "..%2F..%2Fsecret.yaml", "%2e%2e/%2e%2e/secret.yaml", "/etc/passwd", "%2Fetc/passwd"),
        *(
            "file:///etc/passwd",
            "FILE:///etc/passwd",
            "http://example.org/a",
            "//example.org/a",
            "file%3A///etc/passwd",
        ),
        *("x/../../../secret.yaml", "a%00b", "x" * 5000, "../.git/config", "."),
    ],
)
def test_a_reference_stays_in_the_tree(walled: Desk, reference: str) -> None:
    with pytest.raises(
        InterfaceError, match=r"leaves the tree|is not fetched|there is no file|invalid path|outside of the"
    ):
        open_referring(walled, f"{reference}#/password")
