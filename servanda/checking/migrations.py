"""The check of migrations on a real PostgreSQL, from the services to its result."""

from __future__ import annotations

from collections.abc import Collection

from servanda.checking.check import MIGRATIONS, policy_of
from servanda.configuration import Configuration, Service, unknown_service
from servanda.errors import ConfigurationError
from servanda.interfaces.kind import Context
from servanda.interfaces.sql.rules.table import RULES
from servanda.migrations.examination import Examined, Wanted, examine
from servanda.policy import order, policy
from servanda.verdict import Bump, InterfaceComparison, Outcome, Reason, ReasonKind, StageResult, combine, outcome_of


def migrating(configuration: Configuration, named: Collection[str] = ()) -> tuple[Service, ...]:
    """Return the services whose migrations are configured.

    Args:
        configuration: The configuration.
        named: Names of the services that are wanted; all if empty.

    Raises:
        ConfigurationError: One that is named does not exist, or has no migrations configured.
    """
    for name in named:
        if name not in configuration.services:
            raise unknown_service(name, configuration.services)
        if configuration.services[name].migrations is None:
            raise ConfigurationError(
                f"no migrations of the service '{name}' are configured",
                where=f"services.{name}",
                hint="add migrations = { folder = \"...\" } to it, see 'servanda help migrations'",
            )
    services = configuration.services.values()
    return tuple(each for each in services if each.migrations is not None and (not named or each.name in named))


async def check_migrations(wanted: Wanted, context: Context) -> StageResult:
    """Examine the migrations of services, and apply the policy to what is found.

    Raises:
        ConfigurationError: The waivers or the baseline are malformed.
        ContractError: A document of statements cannot be read.
        InfrastructureError: PostgreSQL could not be had, or is gone.
        InterfaceError: A migration cannot be read, parsed or applied.
        LimitError: The code of migrations did not end in time.
    """
    assert context.configuration is not None, "services are configured"  # noqa: S101 - for the type checker
    examined = await examine(context.configuration, wanted)
    findings = tuple(found.finding for each in examined for found in each.found)
    decided = policy.apply(findings, policy_of(context), frozenset(rule.id for rule in RULES))
    reasons = tuple(_unrecorded(each) for each in examined if not each.versions)
    known = [each for each in examined if each.versions]
    outcome = combine([outcome_of(decided)]) if known else Outcome.SKIPPED
    names = ", ".join(f"migrations of {each.service.name}" for each in known)
    bases = ", ".join(version.named for each in known for version in each.versions)
    comparison = InterfaceComparison(names, bases, Bump.NONE, order.order_of(decided, Bump.NONE)) if known else None
    return StageResult(MIGRATIONS, outcome, reasons=reasons, findings=decided, comparison=comparison)


def _unrecorded(examined: Examined) -> Reason:
    name = examined.service.name
    message = (
        f"no statements of {name} are recorded: contracts/sql has no document {name}.json, see 'servanda help sql'"
    )
    return Reason(ReasonKind.CHECKS_NOTHING, message)
