"""Filling XML documents with the values that generators make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from xml.dom import minidom

from servanda.errors import ContractError
from servanda.pact import generated, paths
from servanda.pact.document import Generator
from servanda.pact.matching import elements


def fill(content: bytes, generators: Mapping[str, Generator], values: Mapping[str, object]) -> bytes:
    """Return a document with the values of generators in place of attributes and texts.

    Args:
        content: The document.
        generators: By paths such as ``$.order.line['@id']`` or ``$.order['#text']``.
        values: Those of the provider states by name.

    Raises:
        ContractError: The example is no XML, or declares a document type.
    """
    try:
        elements.parse(content)  # refuses what makes the other parser dangerous
    except elements.MalformedError as error:
        raise ContractError(f"the example is not XML: {error}", hint="record the contract again") from None
    document = minidom.parseString(content)  # noqa: S318 - it declares no entities
    for path, generator in generators.items():
        steps = [step for step in paths.parse(path) if step is not paths.Wildcard.INDEX]
        last = str(steps.pop()) if steps and str(steps[-1])[:1] in ("@", "#") else "#text"
        for element in _elements([document], steps):
            _replace(element, last, generator, values)
    return bytes(document.toxml(encoding="utf-8"))


def _elements(found: list[minidom.Node], steps: Sequence[paths.Step]) -> Iterator[minidom.Element]:
    for step in steps:
        if isinstance(step, int):
            found = found[step : step + 1]
        else:
            found = [
                child
                for node in found
                for child in node.childNodes
                if isinstance(child, minidom.Element) and step in (child.tagName, paths.Wildcard.ANY)
            ]
    yield from (node for node in found if isinstance(node, minidom.Element))


def _replace(element: minidom.Element, last: str, generator: Generator, values: Mapping[str, object]) -> None:
    if last.startswith("@"):
        if element.hasAttribute(last[1:]):
            element.setAttribute(last[1:], generated.text(generator, values, element.getAttribute(last[1:])))
        return
    texts = [child for child in element.childNodes if isinstance(child, minidom.Text)]
    example = "".join(text.data for text in texts).strip()
    for text in texts:
        element.removeChild(text)
    document = element.ownerDocument
    if document is not None:
        element.appendChild(document.createTextNode(generated.text(generator, values, example)))
