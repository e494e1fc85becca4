"""The templates of pipelines, as ``servanda init`` writes them: the wheel holds a copy."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.product import ROOT, Product

_TEMPLATES = {"github.yml": "templates/github/servanda.yml", "gitlab.yml": "templates/gitlab/servanda.gitlab-ci.yml"}


def products() -> Iterator[Product]:
    """Return a copy of each template."""
    for name, template in _TEMPLATES.items():
        yield Product(f"servanda/adoption/pipelines/{name}", (ROOT / template).read_bytes())
