"""The errors of the suite.

``ServandaError``
    ``ConfigurationError``   the configuration is missing, malformed or contradicts itself
    ``InfrastructureError``  a store could not be started, reached or isolated
    ``SupervisionError``     a process of the system under test did not start, answer or stop
    ``ContractError``        a contract document cannot be read, or checks nothing
    ``InterfaceError``       an interface definition or image cannot be read or compiled
    ``VerificationError``    a verification could not be carried out
    ``RecordingError``       an interaction could not be recorded
    ``PublicationError``     contracts could not be sent to a broker
    ``ProcessError``         a tool could not be run, took too long or wrote too much
    ``JobError``             a job could not be carried out, or its result cannot be used
    ``VerdictError``         a document of a verdict or of a part of it cannot be read back
    ``PatternError``         a regular expression cannot be read
    ``LimitError``           something took longer, or was more, than its limit allows
    ``ExtensionError``       a part that another distribution adds cannot be used
    ``MissingExtraError``    a library of an extra of the suite is needed, and not installed

Every one of them means "could not tell": the commands turn it into exit code 2. That a contract is broken is a result,
never an exception.
"""

from __future__ import annotations


class ServandaError(Exception):
    """Something kept the suite from telling whether the contracts hold.

    Args:
        what: What went wrong, with expected and actual where both exist; one sentence without a full stop.
        where: File (``path:line:column``), address or name that it is about, if any.
        hint: What to do next, if the suite knows.
    """

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}\nhint: {self.hint}" if self.hint else text


class ConfigurationError(ServandaError):
    """The configuration is missing, malformed or contradicts itself."""


class InfrastructureError(ServandaError):
    """A store could not be started, reached or isolated."""


class SupervisionError(ServandaError):
    """A process of the system under test did not start, answer or stop."""


class ContractError(ServandaError):
    """A contract document cannot be read, or checks nothing."""


class InterfaceError(ServandaError):
    """An interface definition or image cannot be read or compiled."""


class VerificationError(ServandaError):
    """A verification could not be carried out."""


class RecordingError(ServandaError):
    """An interaction could not be recorded."""


class PublicationError(ServandaError):
    """Contracts could not be sent to a broker."""


class ProcessError(ServandaError):
    """A tool could not be run, took too long or wrote too much."""


class JobError(ServandaError):
    """A job could not be carried out, or its result cannot be used."""


class VerdictError(ServandaError):
    """A document of a verdict, or of a part of it, cannot be read back."""


class PatternError(ServandaError):
    """A regular expression cannot be read."""


class ExtensionError(ServandaError):
    """A part that another distribution adds cannot be used."""


class MissingExtraError(ServandaError):
    """A library of an extra of the suite is needed, and not installed."""


class LimitError(ServandaError):
    """Something took longer, or was more, than its limit allows.

    Args:
        what: What went beyond the limit, and how much the limit is.
        limit: Key of the limit in ``[limits]``; empty if it cannot be changed.
        where: What it is about.
    """

    def __init__(self, what: str, *, limit: str = "", where: str | None = None) -> None:
        hint = f"if this is intended, raise '{limit}' in [limits] of the configuration" if limit else None
        super().__init__(what, where=where, hint=hint)
        self.limit = limit
