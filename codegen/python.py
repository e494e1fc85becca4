"""Messages, stubs and their types in ``gen/``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from codegen.product import ROOT, Product
from servanda.interfaces.protobuf.compiler import proto_files, run_protoc

PROTO = ROOT / "proto"
# Imported by our messages, but shipped by no package for this protobuf runtime.
BUNDLED = "buf/validate/validate.proto"


def products() -> Iterator[Product]:
    """Return the generated modules."""
    with tempfile.TemporaryDirectory(prefix="codegen-") as scratch:
        plugins = Path(sys.executable).parent
        run_protoc(
            PROTO,
            (*proto_files(PROTO), BUNDLED),
            f"--plugin=protoc-gen-mypy={plugins / 'protoc-gen-mypy'}",
            f"--python_out={scratch}",
            f"--mypy_out=quiet:{scratch}",
        )
        with_services = [
            name for name in proto_files(PROTO) if "\nservice " in (PROTO / name).read_text(encoding="utf-8")
        ]
        run_protoc(
            PROTO,
            with_services,
            f"--plugin=protoc-gen-mypy_grpc={plugins / 'protoc-gen-mypy_grpc'}",
            f"--grpc_python_out={scratch}",
            f"--mypy_grpc_out=quiet:{scratch}",
        )
        for file in sorted(Path(scratch).rglob("*.py*")):
            yield Product(f"gen/{file.relative_to(scratch).as_posix()}", file.read_bytes())
