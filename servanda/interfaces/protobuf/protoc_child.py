"""Script of the process that protoc runs in: its arguments are data on standard input, not lines of a file.

These are the folder that ``grpc_tools`` is installed in and then the arguments of protoc, each followed by a NUL, which
no path can hold. Started as ``python -I -S protoc_child.py``: it needs the standard library alone and little of that,
because a JSON reader takes as long to import as protoc needs for most workspaces. Exits with the code of protoc.
"""

from __future__ import annotations

import os
import sys


def _main() -> int:
    packages, *arguments = sys.stdin.buffer.read().split(b"\0")[:-1]
    sys.path.append(os.fsdecode(packages))
    from grpc_tools import _protoc_compiler  # noqa: PLC0415  # only now it can be found

    return int(_protoc_compiler.run_main([b"protoc", *arguments]))


if __name__ == "__main__":
    sys.exit(_main())
