"""Script of the process that protoc runs in: its arguments are data on standard input, not lines of a file.

They are JSON: ``arguments``, and in ``packages`` the folder that ``grpc_tools`` is installed in. Started as
``python -I -S protoc_child.py``: it needs nothing else but the standard library. Exits with the code of protoc.
"""

from __future__ import annotations

import json
import sys


def _main() -> int:
    request = json.load(sys.stdin)
    sys.path.append(request["packages"])
    from grpc_tools import _protoc_compiler  # noqa: PLC0415  # only now it can be found

    # File names are bytes to the system: those that are not UTF-8 arrive as lone surrogates.
    arguments = [argument.encode("utf-8", "surrogateescape") for argument in request["arguments"]]
    return int(_protoc_compiler.run_main([b"protoc", *arguments]))


if __name__ == "__main__":
    sys.exit(_main())
