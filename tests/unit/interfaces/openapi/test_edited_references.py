"""Findings that follow from one edited reference are parts of its change."""

from servanda.report.grouping import by_element
from tests.unit.interfaces.openapi.operation import findings, get

SCHEMAS = """components:
  schemas:
    Crate: {type: object, properties: {label: {type: string}, weight: {type: integer}}}
    Tin: {type: object, properties: {metal: {type: string}}}
"""


def answering(name: str, schemas: str = SCHEMAS) -> str:
    reference = f"{{$ref: '#/components/schemas/{name}'}}"
    content = f"{{application/json: {{schema: {reference}}}}}"
    return get(f'responses: {{"200": {{description: Fine., content: {content}}}}}', rest=schemas)


def test_what_differs_behind_an_edited_reference_is_one_story() -> None:
    found = findings(answering("Crate"), answering("Tin"))

    [story] = by_element(found)

    assert len(found) == 2
    assert story.name == "#/paths/~1crates/get/responses/200/content/application~1json/schema/$ref"


def test_what_was_edited_itself_is_a_part_of_nothing() -> None:
    fewer = SCHEMAS.replace(", weight: {type: integer}", "").replace("label: {type: string}", "label: {type: boolean}")

    found = findings(answering("Crate"), answering("Crate", fewer))

    assert len(by_element(found)) == 2
    assert {each.part_of for each in found} == {""}
