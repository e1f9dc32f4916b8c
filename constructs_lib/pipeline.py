"""A CodePipeline that builds a revision once and deploys it to one environment after the other."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from constructs_lib.artifact_store import ArtifactStore
from constructs_lib.build_project import BuildProject
from constructs_lib.pipeline_source import ARTIFACT, RepositorySource, S3Source
from constructs_lib.place import place_of
from constructs_lib.policy import Statement, assumed_by
from constructs_lib.role import Role
from constructs_lib.topic import NamedTopic

from cdktf_cdktf_provider_aws.codepipeline import (
    Codepipeline,
    CodepipelineArtifactStore,
    CodepipelineArtifactStoreEncryptionKey,
    CodepipelineStage,
    CodepipelineStageAction,
    CodepipelineStageOnSuccess,
    CodepipelineStageOnSuccessCondition,
    CodepipelineStageOnSuccessConditionRule,
    CodepipelineStageOnSuccessConditionRuleRuleTypeId,
)
from constructs import Construct

REVISION = "Revision"
"""The name of the artifact that the build produces and CodeDeploy deploys."""


@dataclass(frozen=True)
class QuietAlarm:
    """An alarm, by name, that must not go to ALARM for a number of minutes after a deployment."""

    name: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class DeployStage:
    """A stage that deploys a release to one deployment group.

    stage: the stage's name; letters, digits, hyphens.
    application, group, config: the names of CodeDeploy's application, deployment group and configuration.
    approval: the question that a person must approve before the release continues. Default: no approval.
    command: the CodeBuild project whose command runs after the approval and before the deployment; if it
        fails, nothing is deployed. Default: none.
    quiet: the stage fails if this alarm goes to ALARM after the deployment. Default: none.
    """

    stage: str
    application: str
    group: str
    config: str
    approval: str | None = None
    command: str | None = None
    quiet: QuietAlarm | None = None


class Pipeline(Construct):
    """A pipeline with a source stage, a build stage and one stage per deployment.

    name: 1 to 100 characters, no spaces. The pipeline runs as soon as it is created.
    role_name: the name of the pipeline's service role; at most 64 characters.
    store: the artifact bucket and its key.
    source: where commits come from.
    build: the CodeBuild project that builds a revision from a commit.
    deployments: the stages that a revision is deployed in, in this order.
    topic: the SNS topic that is notified when an approval is waiting.

    Rollbacks are CodeDeploy's task. The pipeline's own stage rollback would compete with them, and every
    change of the pipeline's definition discards the history that it needs
    (docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html).

    >>> from constructs_lib.key import Key, NamedKey, logs_use
    >>> from constructs_lib.log_group import LogGroup
    >>> here = {"account": "123456789012", "region": "eu-central-1"}
    >>> key = Key(stack, "key", description="Builds.", alias="alias/builds",
    ...     services=[logs_use(stack.place)])
    >>> build = BuildProject(stack, "build", name="my-app-build", role_name="my-app-build",
    ...     architecture="x86_64", encryption_key_arn=key.arn, variables={},
    ...     log_group=LogGroup(stack, "log", name="/my-app/build", key=key))
    >>> shared = NamedKey(alias="alias/my-app", **here)
    >>> pipeline = Pipeline(stack, "pipeline", name="my-app", role_name="my-app-pipeline",
    ...     store=ArtifactStore(bucket="my-app-artifacts", key=shared, region="eu-central-1"),
    ...     source=S3Source(bucket="my-app-sources", key="my-app.zip"), build=build,
    ...     deployments=[DeployStage(stage="prod", application="my-app", group="my-app-prod",
    ...         config="CodeDeployDefault.OneAtATime", approval="May this release go to prod?")],
    ...     topic=NamedTopic(name="alerts", key=shared, **here))
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        role_name: str,
        store: ArtifactStore,
        source: RepositorySource | S3Source,
        build: BuildProject,
        deployments: Sequence[DeployStage],
        topic: NamedTopic,
    ) -> None:
        super().__init__(scope, id)
        self.place = place_of(scope)
        self.name = name
        self.arn = self.place.arn("codepipeline", name)
        # AWS documents no condition for this trust policy.
        self.role = Role(
            self,
            "role",
            name=role_name,
            description="The pipeline fetches commits, starts builds and deployments, asks for approvals.",
            trust=assumed_by("codepipeline.amazonaws.com"),
        )
        store.grant_read_write(
            self.role, f"{name[:20]}/"
        )  # CodePipeline uses the first 20 characters of its name
        source.grant_read(self.role)
        commands = [self.place.arn("codebuild", f"project/{e.command}") for e in deployments if e.command]
        self._allow_builds([build.arn, *commands])
        self._allow_deployments(deployments)
        self._allow_looking_at([deployment.quiet.name for deployment in deployments if deployment.quiet])
        if any(deployment.approval for deployment in deployments):
            topic.grant_publish(self.role)
        self.resource = Codepipeline(
            self,
            "pipeline",
            name=name,
            pipeline_type="V2",
            execution_mode="SUPERSEDED",
            role_arn=self.role.arn,
            artifact_store=[
                CodepipelineArtifactStore(
                    type="S3",
                    location=store.bucket,
                    encryption_key=CodepipelineArtifactStoreEncryptionKey(type="KMS", id=store.key.reference),
                )
            ],
            stage=[
                CodepipelineStage(name="Source", action=[source.action()]),
                CodepipelineStage(name="Build", action=[_build_action(build, source)]),
                *(_stage(deployment, topic) for deployment in deployments),
            ],
            trigger=source.triggers(),
            # The pipeline runs on creation, so its permissions and the build's must exist by then. A stage
            # names the build project by a plain string, so Terraform would not wait for it either.
            depends_on=[build.resource, *self.role.grants, *build.role.grants],
        )

    def _allow_builds(self, projects: list[str]) -> None:
        self.role.allow(
            "build",
            Statement(
                actions=["codebuild:StartBuild", "codebuild:BatchGetBuilds", "codebuild:StopBuild"],
                resources=projects,
            ),
        )

    def _allow_looking_at(self, alarms: Sequence[str]) -> None:
        if alarms:
            watched = [self.place.arn("cloudwatch", f"alarm:{alarm}") for alarm in alarms]
            self.role.allow(
                "look-at-alarms", Statement(actions=["cloudwatch:DescribeAlarms"], resources=watched)
            )

    def _allow_deployments(self, deployments: Sequence[DeployStage]) -> None:
        """See docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeDeploy.html."""

        def arns(kind: str, names: Sequence[str]) -> list[str]:
            return [self.place.arn("codedeploy", f"{kind}:{name}") for name in dict.fromkeys(names)]

        self.role.allow(
            "deploy",
            Statement(
                actions=[
                    "codedeploy:GetApplication",
                    "codedeploy:GetApplicationRevision",
                    "codedeploy:RegisterApplicationRevision",
                ],
                resources=arns("application", [deployment.application for deployment in deployments]),
            ),
            Statement(
                actions=[
                    "codedeploy:CreateDeployment",
                    "codedeploy:GetDeployment",
                    "codedeploy:GetDeploymentGroup",
                ],
                resources=arns(
                    "deploymentgroup", [f"{deployment.application}/*" for deployment in deployments]
                ),
            ),
            Statement(
                actions=["codedeploy:GetDeploymentConfig"],
                resources=arns("deploymentconfig", [deployment.config for deployment in deployments]),
            ),
        )


def _build_action(build: BuildProject, source: RepositorySource | S3Source) -> CodepipelineStageAction:
    configuration = {"ProjectName": build.name}
    if source.commit:
        variables = [{"name": "COMMIT", "value": source.commit, "type": "PLAINTEXT"}]
        configuration["EnvironmentVariables"] = json.dumps(variables)
    return CodepipelineStageAction(
        name="Build",
        category="Build",
        owner="AWS",
        provider="CodeBuild",
        version="1",
        input_artifacts=[ARTIFACT],
        output_artifacts=[REVISION],
        configuration=configuration,
    )


def _stage(deployment: DeployStage, topic: NamedTopic) -> CodepipelineStage:
    actions = [_approval(deployment.approval, topic)] if deployment.approval else []
    if deployment.command:
        actions.append(_command(deployment.command, len(actions) + 1))
    deploy = CodepipelineStageAction(
        name="Deploy",
        category="Deploy",
        owner="AWS",
        provider="CodeDeploy",
        version="1",
        run_order=len(actions) + 1,
        input_artifacts=[REVISION],
        configuration={"ApplicationName": deployment.application, "DeploymentGroupName": deployment.group},
    )
    return CodepipelineStage(
        name=deployment.stage,
        action=[*actions, deploy],
        on_success=_stays_quiet(deployment.quiet) if deployment.quiet else None,
    )


def _stays_quiet(alarm: QuietAlarm) -> CodepipelineStageOnSuccess:
    """A rule that fails the stage if the alarm goes to ALARM.

    docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-CloudWatchAlarm.html
    """
    rule = CodepipelineStageOnSuccessConditionRule(
        name="AlarmStaysQuiet",
        rule_type_id=CodepipelineStageOnSuccessConditionRuleRuleTypeId(
            category="Rule", owner="AWS", provider="CloudWatchAlarm", version="1"
        ),
        configuration={"AlarmName": alarm.name, "WaitTime": str(alarm.minutes)},
    )
    return CodepipelineStageOnSuccess(
        condition=CodepipelineStageOnSuccessCondition(result="FAIL", rule=[rule])
    )


def _command(project: str, run_order: int) -> CodepipelineStageAction:
    return CodepipelineStageAction(
        name="Command",
        category="Build",
        owner="AWS",
        provider="CodeBuild",
        version="1",
        run_order=run_order,
        input_artifacts=[REVISION],
        configuration={"ProjectName": project},
    )


def _approval(question: str, topic: NamedTopic) -> CodepipelineStageAction:
    return CodepipelineStageAction(
        name="Approve",
        category="Approval",
        owner="AWS",
        provider="Manual",
        version="1",
        run_order=1,
        configuration={"NotificationArn": topic.arn, "CustomData": question},
    )
