"""A check from its inputs to its result: open both states, find, assess, apply the policy."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from servanda.checking.earlier import earlier, with_earlier
from servanda.checking.levels import require_known_rules
from servanda.configuration import Configuration
from servanda.errors import ConfigurationError
from servanda.impact.assessment import assess
from servanda.impact.consumers import consumers
from servanda.interfaces.kind import Context, Kind, Opened, Wanted
from servanda.interfaces.protobuf.releases import is_in_initial_development
from servanda.policy import bump, order, policy
from servanda.policy.rules import GONE
from servanda.verdict import Bump, Finding, InterfaceComparison, StageResult, outcome_of

ANY_RULE = ""
STAGE = "interfaces"
"""Name of the one stage of a check, and of the same stage of the gate."""
MIGRATIONS = "migrations"
"""Name of the one stage of ``servanda migrations``, and of the same stage of the gate."""
_GROWTH = (Bump.NONE, Bump.PATCH, Bump.MINOR)


@dataclass(frozen=True, slots=True)
class Examined:
    """A check, with all that a later step needs besides.

    Attributes:
        stage: The result.
        opened: The inputs, open.
        rules: Identifiers of the rules of which every possible finding was looked for; with the empty one among them if
            that is so of everything configured.
    """

    stage: StageResult
    opened: tuple[Opened, ...]
    rules: frozenset[str]


def check(wanted: Wanted | None, against: str | None, context: Context, kinds: Sequence[Kind]) -> Examined:
    """Examine one input, or everything that is configured.

    Args:
        wanted: The input; if left out, every configured input of every kind is examined.
        against: The state to compare configured inputs with; each kind knows its own if it is left out.
        context: What the check depends on besides.
        kinds: The kinds of interfaces, in the order in which they may claim an input.

    Raises:
        ConfigurationError: The waivers or the baseline are malformed, an unknown rule has a level, or nothing is
            configured.
        ContractError: A contract cannot be read, or names what does not exist.
        InterfaceError: A state cannot be read or compiled.
    """
    if context.configuration is not None:
        require_known_rules(context.configuration, kinds)
    before = earlier(against, context) if wanted is None else None
    inputs = _claimed(wanted, context, kinds) if wanted else list(configured(against, context, kinds))
    inputs, gone = with_earlier(inputs, before, context, kinds, against) if before is not None else (inputs, ())
    if not inputs and not gone:
        raise ConfigurationError(
            "nothing to compare: no proto folder, no OpenAPI document and no folder of cached values is configured",
            where=os.fspath(context.cwd),
            hint="name an input: servanda check FOLDER_OR_DOCUMENT",
        )
    opened = [(kind, kind.open(each, context)) for kind, each in inputs]
    findings = _assessed(opened, context)
    rules = _rules([(kind, each.input) for kind, each in inputs], context, kinds)
    decided = policy.apply((*findings, *gone), policy_of(context), rules)
    raised = _raised([each for _, each in opened], decided)
    ordered = order.order_of(decided, raised)
    configuration = context.configuration
    if configuration is not None and is_in_initial_development(configuration.interfaces.releases):
        raised = bump.in_initial_development(raised)
    names = _listed([*(each.input for _, each in opened), *(each.element for each in gone)])
    bases = _listed(each.base for _, each in opened) or (before.name if before is not None else "")
    comparison = InterfaceComparison(names, bases, raised, ordered)
    stage = StageResult(STAGE, outcome_of(decided), findings=decided, comparison=comparison)
    return Examined(stage, tuple(each for _, each in opened), rules)


def configured(against: str | None, context: Context, kinds: Iterable[Kind]) -> Iterable[tuple[Kind, Wanted]]:
    """Yield everything that the repository is configured with; without a configuration the working directory."""
    if context.configuration is None:
        yield from _claimed(Wanted(".", against), context, tuple(kinds))
        return
    for kind in kinds:
        for path in kind.configured(context.configuration):
            yield kind, Wanted(context.shown(path), against, named=False)


def policy_of(context: Context) -> policy.Policy:
    """Load what a repository decided about findings; nothing without a configuration.

    Raises:
        ConfigurationError: The waivers or the baseline are malformed.
    """
    if context.configuration is None:
        return policy.Policy(context.today)
    configuration = context.configuration
    decided = policy.load(policy_folder(configuration), configuration.root, context.today)
    folder = Path(os.path.relpath(context.cwd, configuration.root)).as_posix()
    return replace(decided, levels=configuration.rules, source_only=configuration.impact.source_only, folder=folder)


def policy_folder(configuration: Configuration) -> Path:
    """Return the folder of waivers and baseline: beside the pacts."""
    return configuration.contracts.pacts.parent


def _claimed(wanted: Wanted, context: Context, kinds: Sequence[Kind]) -> list[tuple[Kind, Wanted]]:
    return [(next(kind for kind in kinds if kind.claims(wanted.input, context.cwd)), wanted)]


def oldest_evidence(configuration: Configuration, today: dt.date) -> dt.date | None:
    """Return the first day on which a usage log proves anything; ``None`` if every day does."""
    age = configuration.impact.max_age
    return None if age is None else today - dt.timedelta(min(age, (today - dt.date.min).days))


def _owners(kind: Kind, opened: Opened, configuration: Configuration, cwd: Path) -> set[str]:
    """Return the parties whose interface this is: without proof nobody calls what is theirs."""
    path = (cwd / opened.input).resolve()
    return {whose for whose, owned in kind.owned(configuration).items() if whose and owned.resolve() == path}


def _assessed(opened: Iterable[tuple[Kind, Opened]], context: Context) -> list[Finding]:
    configuration = context.configuration
    if configuration is None:
        return [found.finding for _, each in opened for found in each.findings()]
    # It reads pacts, which not every check has.
    from servanda.interfaces.usage.sources import Sources  # noqa: PLC0415

    sources, oldest = Sources(configuration), oldest_evidence(configuration, context.today)
    assessed: list[Finding] = []
    for kind, each in opened:
        proven = each.usage(sources)
        if proven is None:
            assessed += (found.finding for found in each.findings())
            continue
        usage = proven.aged(oldest)
        own = _owners(kind, each, configuration, context.cwd) - set(usage.consumers)
        if known := tuple(one for one in consumers(configuration, usage, sources.providers) if one.name not in own):
            assessed += assess(each.findings(), each.change(usage), usage, known)
        else:
            assessed += (found.finding for found in each.findings())
    return assessed


def _raised(opened: Iterable[Opened], findings: Sequence[Finding]) -> Bump:
    # What breaks raises most, whatever is added besides; to tell that, all names of both states have to be read.
    if bump.bump_of(Bump.NONE, findings) is Bump.MAJOR:
        return Bump.MAJOR
    growth = max((each.growth for each in opened), key=_GROWTH.index, default=Bump.NONE)
    return bump.bump_of(growth, findings)


def _rules(inputs: Iterable[tuple[Kind, str]], context: Context, kinds: Iterable[Kind]) -> frozenset[str]:
    """Return the rules of the kinds of which everything was examined."""
    paths: dict[Kind, list[Path]] = {}
    for kind, name in inputs:
        paths.setdefault(kind, []).append(context.cwd / name)
    whole = [kind for kind, examined in paths.items() if kind.is_whole(examined, context.configuration)]
    configuration = context.configuration
    left = [kind for kind in kinds if configuration and kind not in whole and kind.configured(configuration)]
    rules = frozenset(rule.id for kind in whole for rule in kind.rules)
    return rules | {ANY_RULE, GONE.id} if whole and not left else rules


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, names)))
