"""Findings of a change of protobuf interfaces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from servanda.interfaces.protobuf.comparison import Breach, compare
from servanda.interfaces.protobuf.dropped import dropped_imports
from servanda.interfaces.protobuf.inputs import Module, Workspace
from servanda.interfaces.protobuf.rules.subject import NO_CONVENTIONS, Conventions
from servanda.interfaces.protobuf.rules.table import RULES
from servanda.interfaces.protobuf.schema import File
from servanda.interfaces.protobuf.stability import is_unstable
from servanda.interfaces.protobuf.stories import Stories
from servanda.interfaces.protobuf.words import words
from servanda.interfaces.rule import Found
from servanda.interfaces.transition import BOTH_WAYS, Direction, transition
from servanda.verdict import Finding, Span, Transition


def check(
    current: Workspace, bases: Iterable[Workspace], conventions: Conventions = NO_CONVENTIONS
) -> tuple[Found, ...]:
    """Return all that the rules of the current workspace object to when one of the bases becomes it.

    What holds against several bases is told once. Paths are those to show to a person.

    Returns:
        Findings with their rules, in the order of their places.

    Raises:
        InterfaceError: A file of an image cannot be read.
    """
    found = (finding for base in bases for finding in _against(current, base, conventions))
    unique = {(each.finding.fingerprint, each.finding.span): each for each in found}
    return tuple(sorted(unique.values(), key=lambda each: (each.finding.span, each.finding.rule, each.finding.message)))


def _against(current: Workspace, base: Workspace, conventions: Conventions) -> Iterable[Found]:
    wanted = [rule for rule in RULES if any(module.breaking.category(rule) for module in current.modules)]
    # What either state only uses and the other one holds itself, such as a well-known type, became no other file.
    before, after = base.state.examining(current.state.files.keys()), current.state.examining(base.state.files.keys())
    stories: Stories | None = None
    for breach in compare(before, after, wanted, conventions):
        category = _category(breach, current, base)
        if category is not None:
            stories = stories or Stories(breach.comparison)
            found = _found(breach, category, current, base)
            yield Found(found.rule, _told_as(found.finding, stories))
    for breach, category in dropped_imports(current, base):
        yield _found(breach, category, current, base)


def _category(breach: Breach, current: Workspace, base: Workspace) -> str | None:
    """Return the category under which the breach counts; ``None`` if the workspace lets it pass."""
    before, after = breach.objection.previous_path, breach.objection.path
    files = _files(breach)
    for module in _modules(before, after, current, base):
        category = module.breaking.category(breach.rule)
        if category is not None and not any(module.breaking.ignores(breach.rule, file) for file in files):
            return category
    return None


def _files(breach: Breach) -> list[File]:
    """Return the file that it is about, in each state that has it, the former state last."""
    comparison, objection = breach.comparison, breach.objection
    found = (
        comparison.current.files.get(objection.path),
        comparison.previous.files.get(objection.previous_path),
    )
    return [file for file in found if file is not None]


def _modules(before: str, after: str, current: Workspace, base: Workspace) -> Iterable[Module]:
    """Return the module of the file; of a file that is gone its former one, or any if the base does not say."""
    own = current.module_of(after)
    if own is not None:
        return (own,)
    earlier = base.module_of(before)
    return [module for module in current.modules if earlier and module.path == earlier.path] or current.modules


def _found(breach: Breach, category: str, current: Workspace, base: Workspace) -> Found:
    rule, objection = breach.rule, breach.objection
    said = words(objection.element, breach.comparison)
    finding = rule.finding(objection, _span(breach, current, base), said, transition_of(breach), category)
    files = _files(breach)
    unstable = bool(files) and all(is_unstable(file.package) for file in files)
    return Found(rule, replace(finding, unstable=unstable, package=files[-1].package if files else ""))


def _told_as(finding: Finding, stories: Stories) -> Finding:
    part_of = stories.of(finding.element)
    told = replace(finding, part_of=part_of) if part_of else finding
    if told.transition is not None and stories.is_renamed(told.element):
        # Who knows the old name needs the old provider, who knows the new one the new one.
        told = replace(told, transition=transition(BOTH_WAYS, Direction.BOTH))
    return told


def transition_of(breach: Breach) -> Transition | None:
    """Tell what happens while only one side has a change, by who uses its element in either state.

    ``None`` where that is no question: a rule may be about how a change is made.
    """
    if breach.rule.breaks is None:
        return None
    element = breach.objection.element
    before, after = breach.comparison.reach
    return transition(breach.rule.breaks, before.around(element) | after.around(element))


def _span(breach: Breach, current: Workspace, base: Workspace) -> Span:
    """Tell where to look; a file as a whole begins at its first character, one that is gone does so in the base."""
    objection, span = breach.objection, breach.objection.span
    if not objection.path:
        return Span(base.shown(objection.previous_path), 1, 1, 1, 1)
    return current.placed(span or Span(objection.path, 1, 1, 1, 1), objection.label)
