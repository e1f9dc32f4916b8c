import json
from typing import Any

from constructs_lib.policy import PolicyTooLongError
from constructs_lib.repository import NamedRepository, Repository
from constructs_lib.testing import Testing, assert_has_resource_with_properties, resource, statements

import pytest
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.ecr_lifecycle_policy import EcrLifecyclePolicy
from cdktf_cdktf_provider_aws.ecr_repository import EcrRepository
from cdktf_cdktf_provider_aws.ecr_repository_policy import EcrRepositoryPolicy

from tests.constructs_lib.building import ACCOUNT, REGION
from tests.constructs_lib.samples import granted, key, role

ARN = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/my-app"
BUILD = f"arn:aws:iam::{ACCOUNT}:role/my-app-build"
ADMINISTRATORS = f"arn:aws:iam::{ACCOUNT}:role/admin-*"
PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
PUSH = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:InitiateLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:CompleteLayerUpload",
    "ecr:PutImage",
]
LOGIN = {"Sid": "Login", "Effect": "Allow", "Action": ["ecr:GetAuthorizationToken"], "Resource": ["*"]}


def repository(stack: TerraformStack, **settings: Any) -> Repository:  # noqa: ANN401 - what Repository takes
    return Repository(
        stack,
        "images",
        name="my-app",
        key=key(stack),
        readers_and_writers=[BUILD, ADMINISTRATORS],
        **settings,
    )


def lifecycle(**settings: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - what Repository takes
    synthesised = Testing.synth_scope(lambda stack: repository(stack, **settings))
    rules: list[dict[str, Any]] = json.loads(resource(synthesised, EcrLifecyclePolicy)["policy"])["rules"]
    return rules


def named(name: str = "my-app") -> NamedRepository:
    return NamedRepository(name=name, account=ACCOUNT, region=REGION)


def test_images_are_scanned_on_push() -> None:
    assert_has_resource_with_properties(
        Testing.synth_scope(repository),
        EcrRepository,
        {"image_scanning_configuration": {"scan_on_push": True}},
    )


def test_images_are_encrypted_with_the_key() -> None:
    (encryption,) = resource(Testing.synth_scope(repository), EcrRepository)["encryption_configuration"]

    assert encryption["encryption_type"] == "KMS"
    assert encryption["kms_key"].startswith("${aws_kms_key.key_")


def test_tags_can_be_moved_since_latest_has_to() -> None:
    assert_has_resource_with_properties(
        Testing.synth_scope(repository), EcrRepository, {"image_tag_mutability": "MUTABLE"}
    )


def test_all_but_those_named_and_roles_of_aws_services_are_denied_pull_and_push() -> None:
    assert statements(resource(Testing.synth_scope(repository), EcrRepositoryPolicy)) == [
        {
            "Sid": "DenyAllOthers",
            "Effect": "Deny",
            "Principal": "*",
            "Action": [*PULL, *PUSH],
            "Condition": {
                "ArnNotLike": {
                    "aws:PrincipalArn": [
                        BUILD,
                        ADMINISTRATORS,
                        f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/*",
                    ]
                }
            },
        }
    ]


UNTAGGED = {
    "rulePriority": 1,
    "description": "Untagged images go after 14 days.",
    "selection": {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": 14,
    },
    "action": {"type": "expire"},
}


def test_only_untagged_images_go_unless_said() -> None:
    assert lifecycle() == [UNTAGGED]


def test_as_many_of_the_newest_images_are_kept_as_is_said() -> None:
    assert lifecycle(keep_images=500) == [
        UNTAGGED,
        {
            "rulePriority": 2,
            "description": "The newest 500 are kept.",
            "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 500},
            "action": {"type": "expire"},
        },
    ]


def test_images_go_as_many_days_after_their_push_as_is_said() -> None:
    assert lifecycle(keep_days=30) == [
        UNTAGGED,
        {
            "rulePriority": 2,
            "description": "Every image goes after 30 days.",
            "selection": {
                "tagStatus": "any",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": 30,
            },
            "action": {"type": "expire"},
        },
    ]


def test_lifecycle_rules_stand_in_ascending_priority_as_aws_gives_them_back() -> None:
    assert [each["rulePriority"] for each in lifecycle(keep_images=500)] == [1, 2]


def test_a_puller_may_log_in_and_pull_from_this_repository_alone() -> None:
    synthesised = Testing.synth_scope(lambda stack: named().grant_pull(role(stack)))

    assert granted(synthesised, "pull-my-app") == [
        LOGIN,
        {"Sid": "Pull", "Effect": "Allow", "Action": PULL, "Resource": [ARN]},
    ]


def test_a_pusher_may_log_in_pull_and_push_and_delete_nothing() -> None:
    synthesised = Testing.synth_scope(lambda stack: named().grant_push(role(stack)))

    assert granted(synthesised, "push-my-app") == [
        LOGIN,
        {"Sid": "PullAndPush", "Effect": "Allow", "Action": [*PULL, *PUSH], "Resource": [ARN]},
    ]


def test_a_reader_of_scans_may_read_findings_and_not_pull() -> None:
    synthesised = Testing.synth_scope(lambda stack: named().grant_read_scan(role(stack)))

    assert granted(synthesised, "read-scan-my-app") == [
        {
            "Effect": "Allow",
            "Action": ["ecr:DescribeImageScanFindings"],
            "Resource": [ARN],
        }
    ]


def test_a_slash_in_the_name_makes_none_in_the_name_of_a_grant() -> None:
    synthesised = Testing.synth_scope(lambda stack: named("team/my-app").grant_pull(role(stack)))

    assert_has_resource_with_properties(synthesised, "aws_iam_role_policy", {"name": "pull-team-my-app"})


def test_the_real_repository_grants_what_the_named_one_does() -> None:
    real = Testing.synth_scope(lambda stack: repository(stack).grant_push(role(stack)))
    by_name = Testing.synth_scope(lambda stack: named().grant_push(role(stack)))

    assert granted(real, "push-my-app") == granted(by_name, "push-my-app")


def test_images_are_pulled_from_the_registry_of_the_account_and_region() -> None:
    assert named().uri == f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/my-app"


def test_a_policy_that_ecr_would_refuse_is_refused_with_its_length() -> None:
    people = [f"arn:aws:iam::{ACCOUNT}:role/{number:064}" for number in range(120)]
    words = r"the policy of the repository my-app would have 1\d,\d+ characters; AWS allows 10,240"
    with pytest.raises(PolicyTooLongError, match=words):
        Testing.synth_scope(
            lambda stack: Repository(
                stack, "images", name="my-app", key=key(stack), readers_and_writers=people
            )
        )
