"""``python -m codegen [--check]``."""

from __future__ import annotations

import sys

from codegen import (
    asyncapi,
    compose,
    configuration,
    events,
    evidence,
    fixtures,
    jobs,
    licences,
    matchers,
    openapi,
    pipelines,
    python,
    rules,
)

INTERFACES = (python, openapi, compose, asyncapi, events)
REFERENCES = (rules, configuration, evidence, pipelines, fixtures, jobs, matchers, licences)


def main(arguments: list[str]) -> int:
    """Write every product, or with ``--check`` name those that drifted and answer 1."""
    check = arguments == ["--check"]
    drifted = [product for source in (*INTERFACES, *REFERENCES) for product in source.products() if product.drifted()]
    for product in drifted:
        print(f"{'drifted' if check else 'written'}: {product.path}")
        if not check:
            product.write()
    if drifted and check:
        print("hint: run 'python -m codegen' and commit what it writes", file=sys.stderr)
    return 1 if drifted and check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
