"""One run: its steps one after the other on stores of their own."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from servanda import infra, supervision
from servanda.cache import cache_folder
from servanda.configuration import Configuration
from servanda.errors import SupervisionError
from servanda.extras import naming_extra
from servanda.policy.evidence import Pairing
from servanda.supervision import Fleet, Instance, Running
from servanda.verdict import InteractionResult, Transport
from servanda.verification import ProviderCode, open_ahead
from servanda.versions.oracle import Break, BreakKind, Memory, OldAlone, Question
from servanda.versions.oracle.memory import shape_of
from servanda.versions.phases.contracts import Contracts
from servanda.versions.phases.events import watch_of
from servanda.versions.phases.journeys import Journeys, Travelled
from servanda.versions.phases.ready import Ready, instances_of, live_in, overrides_of
from servanda.versions.phases.stores import dsn_of, require_stores
from servanda.versions.phases.values import KeptValues, decoders_of, formats_of
from servanda.versions.plan import Phase, Run, Step, most_at_once

if TYPE_CHECKING:
    from servanda.versions.phases.front import Front
    from servanda.versions.phases.generated import GeneratedCalls

_ASKED_AT_ONCE: Final = 4
_ASKED_TWICE: Final = 2


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step began."""

    step: Step


@dataclass(frozen=True, slots=True)
class StepFinished:
    """A step is over.

    Attributes:
        results: The interactions that were verified in it.
        questions: How many answers were compared with those before.
        left_out: How many were not, since the run began: there were too many, or their credentials have ended.
        pairings: Versions that were tried together in it.
        seconds: Wall time that it took.
        calls: How many drawn calls were answered.
        notes: What a person should know, in sentences.
    """

    step: Step
    breaks: tuple[Break, ...]
    results: tuple[InteractionResult, ...] = ()
    questions: int = 0
    left_out: int = 0
    pairings: tuple[Pairing, ...] = ()
    seconds: float = 0.0
    calls: int = 0
    notes: tuple[str, ...] = ()


StepListener = Callable[[StepStarted | StepFinished], None]


def ignore(event: StepStarted | StepFinished) -> None:
    """Listen to nothing."""
    del event


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything that a run depends on besides its steps.

    Attributes:
        configuration: That of the working tree.
        versions: The versions by name, the candidate last.
        environ: Environment that every process starts from.
        mode: Provisioning of the stores.
        steps: Told about the steps.
        stores: Told about the stores.
        services: Told about the services.
        folder: Folder of the logs below ``.servanda``: two runs at once need two.
        probe: Watches the processes of services from within.
        seed: Seed of what is drawn.
    """

    configuration: Configuration
    versions: Mapping[str, Ready]
    environ: Mapping[str, str] = field(repr=False)
    mode: str | None = None
    steps: StepListener = ignore
    stores: infra.Listener = infra.ignore
    services: supervision.Listener = supervision.ignore
    folder: str = "versions"
    probe: supervision.Probe = supervision.no_probe
    seed: int = 1

    def of_run(self, run: Run) -> Mapping[str, Ready]:
        """Return the two versions of a run, the candidate last."""
        candidate = tuple(self.versions)[-1]
        return {name: self.versions[name] for name in (run.old, candidate)}


async def carry_out(run: Run, around: Surroundings) -> AsyncGenerator[StepFinished, None]:
    """Go through the steps of a run, and yield what each one showed.

    Raises:
        ConfigurationError: A version is configured in a way that contradicts itself.
        InfrastructureError: A store did not start, or died meanwhile.
        SupervisionError: The system of old versions does not start: nothing can be told of the others.
        LimitError: Something did not end in time.
    """
    versions = around.of_run(run)
    most = most_at_once(run)
    instances = instances_of(versions, versions, most)
    folder = supervision.own_folder(around.configuration.root, around.folder)
    plan = supervision.Plan(
        around.configuration,
        folder,
        around.environ,
        instances=instances,
        overrides=overrides_of(versions, most),
        probe=around.probe,
    )
    async with (
        supervision.on_stores(plan, around.mode, stores=around.stores) as placed,
        _front(around) as front,
        ProviderCode(around.configuration.limits) as code,
    ):
        fleet = Fleet(placed, lambda event: _hear(event, around.services, fleet, code))
        rollout = _Rollout(around, versions, fleet, front, placed, code)
        try:
            for step in run.steps:
                around.steps(StepStarted(step))
                started = time.monotonic()
                finished = await rollout.take(step)
                if finished.breaks:
                    require_stores(placed.stores)
                finished = replace(finished, seconds=round(time.monotonic() - started, 3))
                around.steps(finished)
                yield finished
        finally:
            await fleet.close()


def _hear(event: supervision.Event, listener: supervision.Listener, fleet: Fleet, code: ProviderCode) -> None:
    listener(event)
    if isinstance(event, supervision.Ready):
        # While others start or end, there is time for it.
        open_ahead(fleet.running, event.instance, code)


@asynccontextmanager
async def _front(around: Surroundings) -> AsyncIterator[Front | None]:
    entry = around.configuration.services.get(around.configuration.entry)
    if entry is None or Transport.HTTP not in entry.transports:
        yield None
        return
    # Its library is that of an extra, which not every command has.
    with naming_extra():
        from servanda.versions.phases.front import Front  # noqa: PLC0415

    front = Front(around.configuration.limits.answer_seconds)
    await front.start()
    try:
        yield front
    finally:
        await front.stop()


def _journeys(
    around: Surroundings, versions: Mapping[str, Ready], front: Front | None, placed: supervision.Plan
) -> Journeys:
    configuration, ports = around.configuration, dict[str, str]()
    if front is not None:
        entry = configuration.services[configuration.entry]
        ports[f"{entry.name}.port.{entry.transports[Transport.HTTP]}"] = str(front.port)
    watch = watch_of(versions, placed.stores, placed.namespace, configuration.limits)
    return Journeys(versions, configuration.root, around.environ, ports, front, watch)


def _generated(around: Surroundings, versions: Mapping[str, Ready], code: ProviderCode) -> GeneratedCalls | None:
    services = [service for ready in versions.values() for service in ready.configuration.services.values()]
    if not any(Transport.GRPC in service.transports for service in services):
        return None
    with naming_extra():
        from servanda.versions.phases.generated import GeneratedCalls  # noqa: PLC0415 - of an extra

    volatile = around.configuration.versions.volatile
    return GeneratedCalls(versions, cache_folder(around.environ), volatile, code, around.seed)


class _Rollout:
    def __init__(
        self,
        around: Surroundings,
        versions: Mapping[str, Ready],
        fleet: Fleet,
        front: Front | None,
        placed: supervision.Plan,
        code: ProviderCode,
    ) -> None:
        self._around = around
        self._versions = versions
        self._fleet = fleet
        self._front = front
        self._stores = placed.stores
        # What a version keeps whose formats nobody knows is no deviation from those of another one.
        formats = tuple(formats_of(versions)) if all(ready.is_described for ready in versions.values()) else ()
        decoders = functools.partial(decoders_of, versions, formats, cache_folder(around.environ))
        self._values = KeptValues(formats, placed.stores.get("redis.url", ""), placed.namespace, decoders)
        self._journeys = _journeys(around, versions, front, placed)
        self._contracts = Contracts(versions, code)
        self._generated = _generated(around, versions, code)
        self._code = code
        self._memory = Memory(around.configuration.versions.volatile)
        self._usual_errors: set[tuple[str, int]] = set()

    async def take(self, step: Step) -> StepFinished:
        """Bring the system into the state of a step, and examine it."""
        wanted = tuple(live_in(step, self._versions))
        try:
            alone = await self._migrate(step, wanted)
            if alone.breaks:
                return StepFinished(step, alone.breaks, notes=alone.notes)
            running = await self._fleet.become(wanted)
        except SupervisionError as error:
            # A migration that fails, and a system of old versions that does not start, show nothing of two versions.
            if step.phase is Phase.OLD or "migration" in error.what:
                raise
            require_stores(self._stores)
            return StepFinished(step, (Break(BreakKind.START, step, "its start", error.what),))
        self._lead(running)
        (compared, breaks), _ = await asyncio.gather(
            self._compare(step), self._code.keep(map(running.service, running.names))
        )
        if breaks:
            return StepFinished(step, breaks, questions=compared, left_out=self._memory.left_out)
        verified = await self._contracts.examine(step, running, self._around.configuration)
        travelled = await self._journeys.make(step, running)
        passed = travelled.passed
        breaks = (*verified.breaks, *travelled.breaks, *self._errors(step, passed.errors), *self._died(step, running))
        breaks = (*breaks, *await self._values.examine(step))
        calls = 0
        if not breaks and self._generated is not None:
            drawn = await self._generated.examine(step, running)
            breaks, calls = drawn.breaks, drawn.calls
        if not breaks:
            breaks = await self._remember(step, passed.questions)
        told = (verified.results, compared, self._memory.left_out, verified.pairings)
        return StepFinished(step, breaks, *told, calls=calls, notes=(*alone.notes, *travelled.notes))

    async def _migrate(self, step: Step, wanted: Iterable[Instance]) -> Travelled:
        """Run the migrations of a step, and examine the old instances of its service while they are alone.

        They are beside new ones of other services, or on another schema than before. Each call meets them there, while
        it is up to chance whether it does as soon as there are two.
        """
        if (alone := self._before(step)) is None:
            await self._fleet.migrate(wanted)
            return Travelled()
        # The step before is that one, unless steps were left out.
        around = tuple(live_in(alone, self._versions))
        await self._fleet.migrate(around)
        running = await self._fleet.become(around)
        before = await self._schema()
        await self._fleet.migrate(wanted)
        old_alone = OldAlone.BESIDE_NEW if await self._schema() == before else OldAlone.ON_NEW_SCHEMA
        if old_alone is OldAlone.BESIDE_NEW and len(set(alone.live.values())) == 1:
            return Travelled()  # as in the step with all services old
        self._lead(running)
        _, breaks = await self._compare(alone)
        made = Travelled() if breaks else await self._journeys.make(alone, running)
        breaks = (*breaks, *made.breaks, *self._errors(alone, made.passed.errors))
        breaks = breaks or await self._remember(alone, made.passed.questions)
        return replace(made, breaks=tuple(replace(each, step=step, alone=old_alone) for each in breaks))

    def _before(self, step: Step) -> Step | None:
        """Return the state in which the first new instance of a service is about to start; ``None`` if it is not."""
        if step.phase is not Phase.ROLLING:
            return None
        old, *_, new = step.live[step.service]
        if self._versions[new].instance(step.service).name in self._fleet.running.names:
            return None
        return replace(step, live={**step.live, step.service: (old,)})

    async def _schema(self) -> str:
        if "postgres.host" not in self._stores:
            return ""
        with naming_extra():
            from servanda.versions.phases.schema import schema_digest  # noqa: PLC0415 - of an extra
        return await asyncio.to_thread(schema_digest, dsn_of(self._stores))

    def _lead(self, running: Running) -> None:
        if self._front is not None:
            entry = self._around.configuration.services[self._around.configuration.entry]
            port = entry.transports[Transport.HTTP]
            self._front.lead_to(running.address(each.instance.name, port) for each in running.of_service(entry.name))

    async def _compare(self, step: Step) -> tuple[int, tuple[Break, ...]]:
        """Ask what was asked before; nobody has written since, but versions were exchanged."""
        if self._front is None:
            return 0, ()
        # Several instances are all to be asked; of one, what comes and goes shows in two answers.
        times = _ASKED_AT_ONCE if any(len(names) > 1 for names in step.live.values()) else _ASKED_TWICE
        answers = await self._front.asking.first_answers(self._memory.questions(), times)
        found: dict[tuple[str, str], Break] = {}
        for question, several in answers.items():
            for answer in several:
                for each in self._memory.judge(step, question, answer):
                    what = f"is answered differently since the step before: {each.path}"
                    broken = Break(BreakKind.ANSWER, step, question.title, what, each.path, each.expected, each.actual)
                    found.setdefault((shape_of(question), each.path), broken)
        self._front.taken()
        return len(answers), tuple(found.values())

    def _died(self, step: Step, running: Running) -> Iterable[Break]:
        for name in running.names:
            handle = running.service(name)
            if not handle.alive:
                how = supervision.describe_exit(handle.exit_code) if handle.exit_code is not None else "by itself"
                last = next(reversed(handle.lines), "")
                what = f"it ended {how}; its last line: {last}" if last else f"it ended {how}"
                yield Break(BreakKind.DIED, step, name, what)

    async def _remember(self, step: Step, asked: Iterable[Question]) -> tuple[Break, ...]:
        """Keep the answers for the next step; two versions that live at once have to agree on them."""
        if self._front is None:
            return ()
        asking = self._front.asking
        answers = await asking.settled(dict.fromkeys((*self._memory.questions(), *asked)))
        rounds = await asking.disputed(answers, _ASKED_AT_ONCE) if step.instances > 1 else {}
        breaks: dict[tuple[str, str], Break] = {}
        for question, several in rounds.items():
            for each in self._memory.disagreements(step, question, several):
                what = f"is answered in two ways while two versions of {step.service} live: {each.path}"
                broken = Break(BreakKind.ANSWER, step, question.title, what, each.path, each.expected, each.actual)
                breaks.setdefault((shape_of(question), each.path), broken)
        self._memory.remember(step, answers)
        self._front.taken()
        return tuple(breaks.values())

    def _errors(self, step: Step, errors: Iterable[tuple[str, int]]) -> Iterable[Break]:
        for title, status in errors:
            shape = shape_of(Question(title)), status
            if step.phase is Phase.OLD:
                self._usual_errors.add(shape)
            elif shape not in self._usual_errors:
                what = f"is answered with {status}, which the old versions alone do not"
                yield Break(BreakKind.ERROR, step, title, what, "status", None, str(status))
