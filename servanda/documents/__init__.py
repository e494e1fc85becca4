"""Documents in JSON, YAML and TOML: bounded, with the place of every part, never from outside a tree."""

from servanda.documents.boundary import Boundary, files_in, names_in
from servanda.documents.document import Notation, ParsedDocument, Reader
from servanda.documents.files import open_file, read_bytes, replace_text, write_text
from servanda.documents.generated import make_generated_folder
from servanda.documents.json import parse_payload
from servanda.documents.limits import DocumentLimits
from servanda.documents.parts import Pointer
from servanda.documents.value import Table, Value, dotted

__all__ = [
    "Boundary",
    "DocumentLimits",
    "Notation",
    "ParsedDocument",
    "Pointer",
    "Reader",
    "Table",
    "Value",
    "dotted",
    "files_in",
    "make_generated_folder",
    "names_in",
    "open_file",
    "parse_payload",
    "read_bytes",
    "replace_text",
    "write_text",
]
