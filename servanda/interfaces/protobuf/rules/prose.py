"""Statements of comments about a field that is not set, and about its behaviour, read from plain English.

Prose is no contract: what is read here is advice, or spares a finding, and never stops a change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from google.api.field_behavior_pb2 import FieldBehavior

from servanda.interfaces.protobuf.rules.amounts import first_named

_ABBREVIATED: Final = re.compile(r"\b(i\.e|e\.g|etc|vs|cf|approx|incl|resp)\.", re.IGNORECASE)
_LONGEST: Final = 1_000
_DOT: Final = "\N{ONE DOT LEADER}"
_SENTENCE_END: Final = re.compile(r"[.!?](?=\s|$)|;")
# Of a link the words count; a line that begins with a plus is for a machine.
_LINK: Final = re.compile(r"\s*<[\w./#:-]+>(?=`)")
_PARAGRAPH_END: Final = re.compile(r"\n\s*\n|\n\s*(?=\+\w)|(?<=\n)(\s*\+\w.*)\n")
_MARKUP: Final = re.compile(r":\w+:(?=`)|[`\"\u201c\u201d\u2018\u2019*]|(?<!\w)'|'(?!\w)")
_UNSET: Final = (
    r"(?:unset|unspecified|omitted|absent|missing|empty|blank|zero|0|false|none|nothing|null|"
    r"no\s+(?:\w+\s+)?(?:is|was)\s+(?:set|specified|provided|given)|"
    r"(?:not|never|left|isn't|is not)\s+"
    r"(?:set|specified|provided|given|present|supplied|populated|defined|unset|empty|out))"
)
_IF: Final = rf"(?:if|when|where)\s+(?:\w+\s+){{0,4}}?{_UNSET}(?:\s+explicitly)?"
_SAID: Final = (
    re.compile(rf"\b{_UNSET}\s+(?:means|implies|indicates|(?:is|are)\s+(?:treated|interpreted|taken|understood)\s+as"
               r"|(?:is|are)\s+(?:the\s+same\s+as|equivalent\s+to))\s+(?P<meant>.+)", re.IGNORECASE),
    re.compile(r"\bdefault(?:s|ed|ing)?\s+(?:(?:value|setting|behav\w+)\s+)?(?:(?:for|of)\s+(?:this|the)\s+\w+\s+)?"
               r"(?:to|is|are|of|being|=|:)\s*(?P<meant>.+)", re.IGNORECASE),
    re.compile(r"\bdefaults?(?:\s+(?:value|setting))?\s*[:=]\s*(?P<meant>.+)", re.IGNORECASE),
    re.compile(r"\bdefault\s+(?:\w+\s+){1,3}(?:is|are)\s+(?P<meant>.+)", re.IGNORECASE),
    re.compile(r"(?:^|,\s+)default\s+(?P<meant>[-+]?\.?\d.*)", re.IGNORECASE),
    re.compile(r"(?P<meant>[\w.%-]+)\s+[(\[]default[)\]]", re.IGNORECASE),
    re.compile(r"\bleave\s+(?:it\s+|this\s+)?(?:empty|unset|blank)\s+(?:for|to)\s+(?P<meant>.+)", re.IGNORECASE),
    re.compile(r"\bin\s+the\s+absence\s+of\s+[\w\s]+?,\s*(?P<meant>.+)", re.IGNORECASE),
    re.compile(r"[(\[]\s*defaults?\s+(?P<meant>[^)\]]+)[)\]]", re.IGNORECASE),
    re.compile(r"\bby\s+default\b[,:]?\s+(?P<meant>.+)", re.IGNORECASE),
    re.compile(rf"\b{_IF}\s*[,:]?\s+(?:then\s+)?(?P<meant>.+)", re.IGNORECASE),
    re.compile(r"(?P<meant>.+?),?\s+(?:is\s+(?:used|assumed|taken)\s+)?(?:by\s+default|as\s+(?:the\s+)?default)\s*$",
               re.IGNORECASE),
    re.compile(rf"(?P<meant>.+?),?\s+(?:(?:is|are|will\s+be)\s+(?:used|assumed|taken)\s+)?{_IF}\s*$", re.IGNORECASE),
)  # fmt: skip
_BEHIND: Final = _SAID[-2:]
_CLAUSE_END: Final = re.compile(r",\s|\s\(|\)|\swhich\s|\sthat\s|\sunless\s|\sbut\s|\sif\s|\swhen\s")
# What begins like this belongs to a sentence that was cut, and says nothing by itself.
_TORN: Final = re.compile(r"(?:if|or|and|when|where|on|in|at|by|for|but)\b", re.IGNORECASE)
_LEADING, _NAMED = 3, 2
_FILLING: Final = frozenset(
    # What is said around a value in one comment and not in another.
    ("a", "an", "the", "is", "are", "be", "will", "to", "of", "it", "this", "that", "value", "field", "used", "use",
     "uses", "using", "taken", "as", "and", "in", "at", "for", "set")
)  # fmt: skip
_VERBS: Final = frozenset(("is", "are", "be", "will", "used", "use", "uses", "using", "taken", "set"))
_BEHAVIOUR: Final[Mapping[int, re.Pattern[str]]] = MappingProxyType(
    {
        FieldBehavior.OUTPUT_ONLY: re.compile(r"\b(?:output|read)[- ]?only\b", re.IGNORECASE),
        FieldBehavior.INPUT_ONLY: re.compile(r"\b(?:input|write)[- ]?only\b", re.IGNORECASE),
        FieldBehavior.IMMUTABLE: re.compile(r"\bimmutable\b|\bcannot be (?:changed|updated|modified)\b", re.IGNORECASE),
        FieldBehavior.IDENTIFIER: re.compile(r"(?:^|[.\]]\s)\[?identifier[.\]]", re.IGNORECASE),
        FieldBehavior.REQUIRED: re.compile(
            r"(?:^|[.\]]\s)[\[(]?required[.:\])]|\b(?:is|are)\s+required(?=[.,;]|$)|\(required\)", re.IGNORECASE
        ),
    }
)
_DENIED: Final = re.compile(
    r"\b(?:not|never|isn't|aren't|no longer)\s+(?:\w+\s+)?(?:output|read|input|write)[- ]?only\b"
    r"|\b(?:not|never|isn't|aren't|no longer)\s+(?:immutable|required)\b",
    re.IGNORECASE,
)
_AS_BEFORE: Final = re.compile(
    r"\b(?:preserves?|preserving|unchanged|as\s+before|as\s+today|of\s+today|today|(?:exist\w+|current)\s+behav\w+"
    r"|compatib\w+|no\s+effect|nothing)\b",
    re.IGNORECASE,
)
_EFFECT: Final = (
    r"(?:deleted?|deletes|deleting|deletion|removed?|removes|removing|removal|drops?|dropped|dropping"
    r"|discard(?:s|ed|ing)?|erased?|erases|clear(?:s|ed|ing)?|reset(?:s|ting)?|wiped?|wipes|purged?|purges"
    r"|overwrites?|overwritten|overwriting|replaced?|replaces|replacing|truncated?|truncates|revoked?|revokes"
    r"|cancel(?:s|ed|led)?|terminated?|terminates|abort(?:s|ed)?|lost|reject(?:s|ed|ing)?|refused?|refuses|refusal"
    r"|fails?|failed|failing|failure|errors?|invalid(?:_argument)?|deny|denies|denied|forbids?|forbidden|blocks?|blocked"
    r"|no\s+longer|any\s*more|instead)"
)
_CHANGING: Final = re.compile(rf"\b{_EFFECT}\b", re.IGNORECASE)
# What does not happen, and what nothing happens to.
_SPARED: Final = re.compile(
    rf"\b(?:not|never|no(?!\s+longer)|nothing|none|neither|without|\w+n't|cannot)\b(?:\s+[\w-]+){{0,4}}?\s+{_EFFECT}\b",
    re.IGNORECASE,
)
_TO_KEEP: Final = re.compile(
    r"\bset(?:\s+(?:this|it))?(?:\s+to)?\s+(?:true|enabled)\s+to\s+(?:keep|preserve|retain|restore|get\s+back)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """Meaning of a field that is not set, as a comment says it.

    Attributes:
        text: As it is written.
        values: The number with its unit, truth value or name that it begins with, in one form; else its words.
        is_prose: Whether it is told in a sentence: the same can be told in many others.
    """

    text: str
    values: frozenset[str]
    is_prose: bool


def meanings(comment: str) -> tuple[Meaning, ...]:
    """Return all that a comment says about the field that is not set, in the order of its sentences."""
    found = (meaning for sentence in _sentences(comment) for meaning in _of_sentence(sentence))
    return tuple({meaning.values: meaning for meaning in found}.values())


def says(comment: str, behaviour: int) -> bool:
    """Tell whether a comment says of a field what ``google.api.field_behavior`` could say."""
    known = _BEHAVIOUR.get(behaviour)
    return known is not None and known.search(_DENIED.sub("", " ".join(comment.split()))) is not None


def changes_behaviour(meaning: Meaning) -> bool:
    """Tell whether something happens by this meaning that does not happen as a rule: loss or refusal of something."""
    return _AS_BEFORE.search(meaning.text) is None and names_effect(meaning.text)


def names_effect(text: str) -> bool:
    """Tell whether a text says that something is deleted, replaced or refused, and does not deny it."""
    return _CHANGING.search(_SPARED.sub("", text)) is not None


def has_to_be_true(comment: str) -> bool:
    """Tell whether a comment says that a flag has to be set if all is to stay as it is."""
    return _TO_KEEP.search(_plain(comment)) is not None


def _of_sentence(sentence: str) -> Iterator[Meaning]:
    for pattern in _SAID:
        found = pattern.search(sentence)
        if found is not None:
            said = found["meant"].strip()
            clause = said.rsplit(", ", 1)[-1] if pattern in _BEHIND else _CLAUSE_END.split(said, maxsplit=1)[0]
            text = clause.strip(" ,:")
            if not _TORN.match(text):
                yield from _of_text(text)
            return


def _of_text(text: str) -> Iterator[Meaning]:
    written = re.findall(r"\w[\w./-]*%?", text.lower())
    words = [word for word in written if word not in _FILLING] or [word for word in written if word not in _VERBS]
    found = first_named(text)
    before = [word for word in re.findall(r"\w+", text[: found.start].lower()) if word not in _FILLING] if found else ()
    shown = text.replace(_DOT, ".")
    if found and len(before) < _LEADING:
        yield Meaning(shown, frozenset({found.normal}), is_prose=False)
    elif words:
        yield Meaning(shown, frozenset(words), is_prose=len(words) > _NAMED)


def _sentences(comment: str) -> Iterator[str]:
    yield from (sentence.strip()[:_LONGEST] for sentence in _SENTENCE_END.split(_plain(comment)) if sentence.strip())


def _plain(comment: str) -> str:
    """Return a comment in one line, without markup, and with dots that end no sentence hidden."""
    ended = _PARAGRAPH_END.sub(lambda found: f"{found[1] or ''} . ", comment)
    joined = " ".join(_MARKUP.sub("", _LINK.sub("", ended)).split())
    return _ABBREVIATED.sub(lambda found: found[0].replace(".", _DOT), joined)
