"""The build that a run is a part of, as the variables of a CI server tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias
from urllib.parse import quote

_Environ: TypeAlias = Mapping[str, str]
_BRANCH, _REMOTE = "refs/heads/", "origin/"


@dataclass(frozen=True, slots=True)
class Build:
    """A build of a CI server; what it does not tell is empty.

    Attributes:
        commit: Hash of the commit.
        branch: The branch; of a pull request the one that it comes from.
        url: Address of the build.
    """

    commit: str = ""
    branch: str = ""
    url: str = ""


def build_of(environ: Mapping[str, str]) -> Build:
    """Return the build that these variables tell of; one without anything outside of CI."""
    return next((read(environ) for variable, read in CI_SERVERS.items() if environ.get(variable)), Build())


def _first(environ: _Environ, *names: str) -> str:
    return next((environ[name] for name in names if environ.get(name)), "")


def _github(environ: _Environ) -> Build:
    # https://docs.github.com/en/actions/reference/workflows-and-actions/variables
    ref = environ.get("GITHUB_REF", "")
    branch = _first(environ, "GITHUB_HEAD_REF") or (ref.removeprefix(_BRANCH) if ref.startswith(_BRANCH) else "")
    parts = [environ.get(name, "") for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")]
    url = "{}/{}/actions/runs/{}".format(*parts) if all(parts) else ""
    return Build(_first(environ, "GITHUB_SHA"), branch, url)


def _gitlab(environ: _Environ) -> Build:
    # https://docs.gitlab.com/ci/variables/predefined_variables/
    branch = _first(environ, "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_BRANCH")
    return Build(_first(environ, "CI_COMMIT_SHA"), branch, _first(environ, "CI_JOB_URL", "CI_PIPELINE_URL"))


def _jenkins(environ: _Environ) -> Build:
    # https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables and the Git plugin's
    branch = _first(environ, "CHANGE_BRANCH", "BRANCH_NAME", "GIT_BRANCH").removeprefix(_REMOTE)
    branch = "" if environ.get("TAG_NAME") or branch == "detached" else branch
    return Build(_first(environ, "GIT_COMMIT"), branch, _first(environ, "BUILD_URL"))


def _circleci(environ: _Environ) -> Build:
    # https://circleci.com/docs/reference/variables/
    return Build(*(_first(environ, f"CIRCLE_{name}") for name in ("SHA1", "BRANCH", "BUILD_URL")))


def _buildkite(environ: _Environ) -> Build:
    # https://buildkite.com/docs/pipelines/configure/environment-variables
    commit = _first(environ, "BUILDKITE_COMMIT")
    branch = "" if environ.get("BUILDKITE_TAG") else _first(environ, "BUILDKITE_BRANCH")
    return Build("" if commit == "HEAD" else commit, branch, _first(environ, "BUILDKITE_BUILD_URL"))


def _azure(environ: _Environ) -> Build:
    # https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables
    ref = _first(environ, "SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH")
    branch = ref.removeprefix(_BRANCH) if ref.startswith(_BRANCH) else ""
    collection, project = _first(environ, "SYSTEM_COLLECTIONURI"), quote(_first(environ, "SYSTEM_TEAMPROJECT"))
    number = _first(environ, "BUILD_BUILDID")
    url = f"{collection.rstrip('/')}/{project}/_build/results?buildId={number}" if collection and number else ""
    return Build(_first(environ, "BUILD_SOURCEVERSION"), branch, url)


CI_SERVERS: Final[Mapping[str, Callable[[_Environ], Build]]] = MappingProxyType(
    {
        "GITHUB_ACTIONS": _github,
        "GITLAB_CI": _gitlab,
        "CIRCLECI": _circleci,
        "BUILDKITE": _buildkite,
        "TF_BUILD": _azure,
        "JENKINS_URL": _jenkins,
    }
)
"""Readers of the variables of CI servers, by the variable that each of them sets."""
