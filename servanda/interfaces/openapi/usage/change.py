"""The change of an OpenAPI document, as consumers meet it."""

from __future__ import annotations

from collections.abc import Sequence

from servanda.interfaces.effect import When
from servanda.interfaces.kind import Meaning, meaning_of
from servanda.interfaces.openapi.usage.refusals import concerning
from servanda.interfaces.rule import Found
from servanda.interfaces.usage.use import Use
from servanda.verdict import Impact


class OpenApiChange:
    """The change of one document, see :class:`servanda.interfaces.kind.Change`.

    Findings and uses name a part of a document by the same pointer, so that no other name leads to it.
    """

    def names(self, element: str, *, was: bool = False) -> frozenset[str]:  # noqa: ARG002 - pointers do not change
        """Return the pointer itself."""
        return frozenset({element})

    def around(self, element: str) -> frozenset[str]:
        """Return nothing: a use of a part is told beside the use of the whole."""
        del element
        return frozenset()

    def choice(self, element: str) -> frozenset[str]:
        """Return nothing: alternatives are parts of what has them."""
        del element
        return frozenset()

    def within(self, name: str) -> frozenset[str]:
        """Return nothing: no rule is about a file."""
        del name
        return frozenset()

    def is_unobservable(self, element: str) -> bool:
        """Return no: whatever a document describes travels."""
        del element
        return False

    def tried(self, found: Found, uses: Sequence[Use]) -> Sequence[Use]:
        """Return the uses as they concern the keywords of the rule."""
        return list(concerning(found.rule.effect.constraints, uses))

    def was_tried(self, use: Use) -> bool:
        """Return no: what is refused of a request is told beside the use of each part."""
        del use
        return False

    def leaves_out(self, use: Use, found: Found) -> bool | None:
        """Return nothing: what is left out is a use of its own."""
        del use, found
        return None

    def refuses_absence(self, found: Found) -> bool:
        """Return no: what is left out is a use of its own."""
        del found
        return False

    def meaning(self, use: Use, found: Found) -> Meaning:
        """Return what a finding means for a use: where a value may be refused, for certain only if one is."""
        if found.rule.effect.when is When.IF_REFUSED and not use.evidence.refused:
            return Meaning(Impact.POTENTIALLY_AFFECTED)
        meaning = meaning_of(use, found.rule.effect)
        if use.refusal and meaning.impact is Impact.BROKEN:
            return Meaning(Impact.POTENTIALLY_AFFECTED)  # what is to be refused was never accepted
        return meaning
