import json
from typing import Any

from constructs_lib.artifact_store import ArtifactStore
from constructs_lib.connection import NamedConnection
from constructs_lib.pipeline import DeployStage, Pipeline
from constructs_lib.pipeline_source import RepositorySource, S3Source
from constructs_lib.testing import (
    Testing,
    assert_has_no_resource,
    assert_has_resource_with_properties,
    resource,
    resources,
)

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.codepipeline import Codepipeline
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment

from tests.constructs_lib.building import ACCOUNT, REGION
from tests.constructs_lib.samples import ALERTS, SHARED_KEY, TOPIC_ARN, build_project, granted, trust

REPOSITORY = RepositorySource(
    connection=NamedConnection("arn:aws:codeconnections:eu-central-1:123456789012:connection/1"),
    repository="example/my-app",
    branch="main",
    paths=["app/**"],
)
OBJECT = S3Source(bucket="my-app-sources", key="source.zip")
STAGING = DeployStage(
    stage="staging", application="my-app", group="my-app-staging", config="CodeDeployDefault.AllAtOnce"
)
PROD = DeployStage(
    stage="prod",
    application="my-app",
    group="my-app-prod",
    config="CodeDeployDefault.OneAtATime",
    approval="May it go to prod? #{SourceVariables.CommitId}",
)


def synthesise(
    source: RepositorySource | S3Source = REPOSITORY, deployments: tuple[DeployStage, ...] = (STAGING, PROD)
) -> str:
    def build(stack: TerraformStack) -> None:
        Pipeline(
            stack,
            "pipeline",
            name="my-app",
            role_name="my-app-pipeline",
            store=ArtifactStore(bucket="my-app-artifacts", key=SHARED_KEY, region=REGION),
            source=source,
            build=build_project(stack),
            deployments=deployments,
            topic=ALERTS,
        )

    return Testing.synth_scope(build)


def pipeline(**settings: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever synthesise takes
    return resource(synthesise(**settings), Codepipeline)


def actions(stage: str, **settings: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - whatever synthesise takes
    found: list[dict[str, Any]] = next(
        each["action"] for each in pipeline(**settings)["stage"] if each["name"] == stage
    )
    return found


def test_it_is_a_v2_pipeline_in_which_a_newer_release_takes_an_older_ones_place() -> None:
    assert_has_resource_with_properties(
        synthesise(),
        Codepipeline,
        {"name": "my-app", "pipeline_type": "V2", "execution_mode": "SUPERSEDED"},
    )


def test_a_release_is_built_once_and_then_goes_from_one_environment_to_the_next() -> None:
    assert [each["name"] for each in pipeline()["stage"]] == ["Source", "Build", "staging", "prod"]


def test_artifacts_are_kept_in_the_store_encrypted_with_its_key() -> None:
    assert pipeline()["artifact_store"] == [
        {
            "type": "S3",
            "location": "my-app-artifacts",
            "encryption_key": {"type": "KMS", "id": SHARED_KEY.reference},
        }
    ]


def test_the_source_action_is_the_sources_own() -> None:
    (action,) = actions("Source")

    assert (action["category"], action["provider"]) == ("Source", "CodeStarSourceConnection")
    assert action["output_artifacts"] == ["Source"]
    assert action["namespace"] == "SourceVariables"


def test_the_build_makes_the_revision_of_the_source() -> None:
    (action,) = actions("Build")

    assert (action["category"], action["provider"]) == ("Build", "CodeBuild")
    assert action["input_artifacts"] == ["Source"]
    assert action["output_artifacts"] == ["Revision"]
    assert action["configuration"]["ProjectName"] == "my-app-build"


def test_the_build_learns_its_commit() -> None:
    (action,) = actions("Build")

    assert json.loads(action["configuration"]["EnvironmentVariables"]) == [
        {"name": "COMMIT", "value": "#{SourceVariables.CommitId}", "type": "PLAINTEXT"}
    ]


def test_a_build_of_an_object_in_s3_has_no_commit_to_learn() -> None:
    (action,) = actions("Build", source=OBJECT)

    assert action["configuration"] == {"ProjectName": "my-app-build"}


def test_every_environment_deploys_the_same_revision() -> None:
    for stage, group in (("staging", "my-app-staging"), ("prod", "my-app-prod")):
        deploy = actions(stage)[-1]
        assert deploy["provider"] == "CodeDeploy"
        assert deploy["input_artifacts"] == ["Revision"]
        assert deploy["configuration"] == {"ApplicationName": "my-app", "DeploymentGroupName": group}


def test_nobody_is_asked_unless_an_approval_is_said() -> None:
    (deploy,) = actions("staging")

    assert (deploy["name"], deploy["run_order"]) == ("Deploy", 1)


def test_an_approval_comes_before_the_deployment() -> None:
    assert [(action["name"], action["run_order"]) for action in actions("prod")] == [
        ("Approve", 1),
        ("Deploy", 2),
    ]


def test_an_approval_asks_its_question_through_the_topic() -> None:
    approval, _ = actions("prod")

    assert (approval["category"], approval["provider"]) == ("Approval", "Manual")
    assert approval["configuration"] == {
        "NotificationArn": TOPIC_ARN,
        "CustomData": "May it go to prod? #{SourceVariables.CommitId}",
    }


def test_pushes_to_the_branch_that_touch_the_paths_start_it() -> None:
    assert pipeline()["trigger"] == [
        {
            "provider_type": "CodeStarSourceConnection",
            "git_configuration": {
                "source_action_name": "Source",
                "push": [{"branches": {"includes": ["main"]}, "file_paths": {"includes": ["app/**"]}}],
            },
        }
    ]


def test_a_pipeline_with_an_object_in_s3_has_no_trigger() -> None:
    assert pipeline(source=OBJECT).get("trigger") in (None, [])


def test_it_waits_for_its_build_and_until_both_may_do_all_that_they_have_to() -> None:
    synthesised = synthesise()
    granted_to_both = {
        f"aws_iam_role_policy.{name}" for name in resources(synthesised, "aws_iam_role_policy")
    }

    (build,) = resources(synthesised, "aws_codebuild_project")
    assert len(granted_to_both) == 6
    assert set(resource(synthesised, Codepipeline)["depends_on"]) == {
        f"aws_codebuild_project.{build}",
        *granted_to_both,
    }


def test_codepipeline_may_assume_its_role() -> None:
    assert trust(synthesise(), "pipeline/role") == {
        "Effect": "Allow",
        "Principal": {"Service": ["codepipeline.amazonaws.com"]},
        "Action": ["sts:AssumeRole"],
    }


def test_it_may_start_and_stop_its_own_builds() -> None:
    assert granted(synthesise(), "pipeline/role/build") == [
        {
            "Effect": "Allow",
            "Action": ["codebuild:StartBuild", "codebuild:BatchGetBuilds", "codebuild:StopBuild"],
            "Resource": [f"arn:aws:codebuild:{REGION}:{ACCOUNT}:project/my-app-build"],
        }
    ]


def test_it_may_deploy_to_its_own_applications_groups_with_their_own_configurations() -> None:
    here = f"arn:aws:codedeploy:{REGION}:{ACCOUNT}"

    assert granted(synthesise(), "pipeline/role/deploy") == [
        {
            "Effect": "Allow",
            "Action": [
                "codedeploy:GetApplication",
                "codedeploy:GetApplicationRevision",
                "codedeploy:RegisterApplicationRevision",
            ],
            "Resource": [f"{here}:application:my-app"],
        },
        {
            "Effect": "Allow",
            "Action": [
                "codedeploy:CreateDeployment",
                "codedeploy:GetDeployment",
                "codedeploy:GetDeploymentGroup",
            ],
            "Resource": [f"{here}:deploymentgroup:my-app/*"],
        },
        {
            "Effect": "Allow",
            "Action": ["codedeploy:GetDeploymentConfig"],
            "Resource": [
                f"{here}:deploymentconfig:CodeDeployDefault.AllAtOnce",
                f"{here}:deploymentconfig:CodeDeployDefault.OneAtATime",
            ],
        },
    ]


def test_it_may_publish_where_it_asks_for_approvals() -> None:
    publish, _ = granted(synthesise(), "publish-alerts")

    assert publish["Resource"] == [TOPIC_ARN]


def test_it_may_publish_nothing_where_nobody_is_asked() -> None:
    policies = resources(synthesise(deployments=(STAGING,)), "aws_iam_role_policy").values()

    assert "publish-alerts" not in {policy["name"] for policy in policies}


def test_no_policy_of_awss_own_is_attached() -> None:
    assert_has_no_resource(synthesise(), IamRolePolicyAttachment)
