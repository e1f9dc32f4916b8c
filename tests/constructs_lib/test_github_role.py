from typing import Any

from constructs_lib.github_role import GitHubRole
from constructs_lib.testing import Testing, assert_has_no_resource, assert_has_resource_with_properties

import pytest
from cdktf_cdktf_provider_aws.iam_openid_connect_provider import IamOpenidConnectProvider

from tests.constructs_lib.building import ACCOUNT
from tests.constructs_lib.samples import trust

PULL_REQUEST = "repo:example/my-app:pull_request"
WITH_IDS = "repo:example@1234/my-app@5678:ref:refs/heads/*"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"


def synthesise(subjects: Any = (PULL_REQUEST, WITH_IDS), provider_arn: str | None = None) -> str:  # noqa: ANN401 - wrong ones too
    return Testing.synth_scope(
        lambda stack: GitHubRole(
            stack,
            "plan",
            name="my-app-plan",
            description="CI plans.",
            subjects=subjects,
            provider_arn=provider_arn,
        )
    )


def test_only_githubs_tokens_for_aws_with_one_of_the_subjects_are_let_in() -> None:
    assert trust(synthesise(provider_arn=PROVIDER)) == {
        "Effect": "Allow",
        "Principal": {"Federated": [PROVIDER]},
        "Action": ["sts:AssumeRoleWithWebIdentity"],
        "Condition": {
            "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
            "StringLike": {"token.actions.githubusercontent.com:sub": [PULL_REQUEST, WITH_IDS]},
        },
    }


def test_githubs_provider_is_made_where_the_account_has_none() -> None:
    assert_has_resource_with_properties(
        synthesise(),
        IamOpenidConnectProvider,
        {"url": "https://token.actions.githubusercontent.com", "client_id_list": ["sts.amazonaws.com"]},
    )


def test_a_provider_made_here_is_the_one_that_is_trusted() -> None:
    (provider,) = trust(synthesise())["Principal"]["Federated"]

    assert provider.startswith("${aws_iam_openid_connect_provider.plan_provider_")


def test_no_second_provider_is_made_where_the_account_has_one() -> None:
    assert_has_no_resource(synthesise(provider_arn=PROVIDER), IamOpenidConnectProvider)


@pytest.mark.parametrize("subject", ["*", "repo:*", "repo:*/my-app:*", "repo:exampl?/my-app:pull_request"])
def test_a_subject_that_lets_other_owners_in_is_refused(subject: str) -> None:
    with pytest.raises(ValueError, match="a subject must name its owner"):
        synthesise([PULL_REQUEST, subject])


@pytest.mark.parametrize("subjects", [[], PULL_REQUEST])
def test_subjects_are_a_list_of_at_least_one(subjects: object) -> None:
    with pytest.raises(ValueError, match="subjects must be a list of at least one"):
        synthesise(subjects)
