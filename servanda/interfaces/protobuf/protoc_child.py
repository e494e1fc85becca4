"""Script of the process that protoc runs in: its arguments are data on standard input, not lines of a file.

They are ended by zero bytes, which no file name has; the first is the folder that ``grpc_tools`` is installed in.
Started as ``python -I -S protoc_child.py``: it needs nothing else, and imports no more, because that would take longer
than protoc takes. Exits with the code of protoc.
"""

from __future__ import annotations

import sys


def _main() -> int:
    packages, *arguments = sys.stdin.buffer.read().split(b"\0")[:-1]
    sys.path.append(packages.decode("utf-8", "surrogateescape"))
    from grpc_tools import _protoc_compiler  # noqa: PLC0415  # only now it can be found

    return int(_protoc_compiler.run_main([b"protoc", *arguments]))


if __name__ == "__main__":
    sys.exit(_main())
