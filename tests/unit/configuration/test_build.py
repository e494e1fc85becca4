"""The build that a run is a part of, by the variables of each CI server."""

import pytest

from servanda.configuration import Build, build_of
from servanda.configuration.build import CI_SERVERS

GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SHA": "4f2a",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "shop/desk",
    "GITHUB_RUN_ID": "7",
}
GITLAB = {"GITLAB_CI": "true", "CI_COMMIT_SHA": "4f2a", "CI_JOB_URL": "https://ci/7"}
JENKINS = {"JENKINS_URL": "https://ci/", "GIT_COMMIT": "4f2a", "BUILD_URL": "https://ci/7"}
CIRCLECI = {"CIRCLECI": "true", "CIRCLE_SHA1": "4f2a", "CIRCLE_BUILD_URL": "https://ci/7"}
BUILDKITE = {"BUILDKITE": "true", "BUILDKITE_COMMIT": "4f2a", "BUILDKITE_BUILD_URL": "https://ci/7"}
AZURE = {
    "TF_BUILD": "True",
    "BUILD_SOURCEVERSION": "4f2a",
    "SYSTEM_COLLECTIONURI": "https://dev.azure.com/shop/",
    "SYSTEM_TEAMPROJECT": "the desk",
    "BUILD_BUILDID": "7",
}
URLS = {
    "GITHUB_ACTIONS": "https://github.com/shop/desk/actions/runs/7",
    "TF_BUILD": "https://dev.azure.com/shop/the%20desk/_build/results?buildId=7",
}


@pytest.mark.parametrize(
    ("environ", "branch"),
    [
        pytest.param({**GITHUB, "GITHUB_REF": "refs/heads/feat/x", "GITHUB_HEAD_REF": ""}, "feat/x", id="github"),
        pytest.param(
            {**GITHUB, "GITHUB_REF": "refs/pull/7/merge", "GITHUB_HEAD_REF": "feat/x"},
            "feat/x",
            id="github-pull-request",
        ),
        pytest.param({**GITHUB, "GITHUB_REF": "refs/tags/v1"}, "", id="github-tag"),
        pytest.param({**GITLAB, "CI_COMMIT_BRANCH": "feat/x"}, "feat/x", id="gitlab"),
        pytest.param({**GITLAB, "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "feat/x"}, "feat/x", id="gitlab-merge-request"),
        pytest.param({**GITLAB, "CI_COMMIT_REF_NAME": "v1", "CI_COMMIT_TAG": "v1"}, "", id="gitlab-tag"),
        pytest.param({**JENKINS, "BRANCH_NAME": "feat/x"}, "feat/x", id="jenkins"),
        pytest.param({**JENKINS, "GIT_BRANCH": "origin/feat/x"}, "feat/x", id="jenkins-one-branch"),
        pytest.param({**JENKINS, "BRANCH_NAME": "PR-7", "CHANGE_BRANCH": "feat/x"}, "feat/x", id="jenkins-change"),
        pytest.param({**JENKINS, "BRANCH_NAME": "v1", "TAG_NAME": "v1"}, "", id="jenkins-tag"),
        pytest.param({**CIRCLECI, "CIRCLE_BRANCH": "feat/x"}, "feat/x", id="circleci"),
        pytest.param({**CIRCLECI, "CIRCLE_TAG": "v1"}, "", id="circleci-tag"),
        pytest.param({**BUILDKITE, "BUILDKITE_BRANCH": "feat/x"}, "feat/x", id="buildkite"),
        pytest.param({**BUILDKITE, "BUILDKITE_BRANCH": "v1", "BUILDKITE_TAG": "v1"}, "", id="buildkite-tag"),
        pytest.param({**AZURE, "BUILD_SOURCEBRANCH": "refs/heads/feat/x"}, "feat/x", id="azure"),
        pytest.param(
            {
                **AZURE,
                "BUILD_SOURCEBRANCH": "refs/pull/7/merge",
                "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/feat/x",
            },
            "feat/x",
            id="azure-pull-request",
        ),
        pytest.param({**AZURE, "BUILD_SOURCEBRANCH": "refs/tags/v1"}, "", id="azure-tag"),
    ],
)
def test_a_build_has_commit_branch_and_address(environ: dict[str, str], branch: str) -> None:
    server = next(name for name in CI_SERVERS if name in environ)

    assert build_of(environ) == Build("4f2a", branch, URLS.get(server, "https://ci/7"))


@pytest.mark.parametrize("server", CI_SERVERS)
def test_what_a_server_does_not_tell_is_empty(server: str) -> None:
    assert build_of({server: "true"}) == Build()


def test_outside_of_ci_nothing_is_known() -> None:
    assert build_of({"BRANCH_NAME": "feat/x", "BUILD_URL": "https://ci/7"}) == Build()


def test_a_commit_that_nobody_resolved_is_none() -> None:
    assert build_of({**BUILDKITE, "BUILDKITE_COMMIT": "HEAD"}).commit == ""
