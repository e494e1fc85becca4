"""Adoption: a look at a repository that has no configuration yet, and the files that it begins with."""

from servanda.adoption.draft import configuration_draft
from servanda.adoption.files import (
    Pipeline,
    PlannedFile,
    can_be_named,
    checking_files,
    own_files,
    pipeline_of,
    top_of,
)
from servanda.adoption.findings import Findings, look
from servanda.adoption.protos import ProtoChoice, chosen_protos
from servanda.adoption.survey import Survey

__all__ = [
    "Findings",
    "Pipeline",
    "PlannedFile",
    "ProtoChoice",
    "Survey",
    "can_be_named",
    "checking_files",
    "chosen_protos",
    "configuration_draft",
    "look",
    "own_files",
    "pipeline_of",
    "top_of",
]
