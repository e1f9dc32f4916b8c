"""A CodeBuild project that builds container images for a pipeline."""

from collections.abc import Mapping
from typing import Literal

from constructs_lib.log_group import LogGroup
from constructs_lib.place import place_of
from constructs_lib.policy import assumed_by
from constructs_lib.role import Role

from cdktf_cdktf_provider_aws.codebuild_project import (
    CodebuildProject,
    CodebuildProjectArtifacts,
    CodebuildProjectEnvironment,
    CodebuildProjectEnvironmentEnvironmentVariable,
    CodebuildProjectLogsConfig,
    CodebuildProjectLogsConfigCloudwatchLogs,
    CodebuildProjectSource,
)
from constructs import Construct

# docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html
ENVIRONMENTS = {
    "x86_64": ("LINUX_CONTAINER", "aws/codebuild/amazonlinux-x86_64-standard:5.0"),
    "arm64": ("ARM_CONTAINER", "aws/codebuild/amazonlinux-aarch64-standard:3.0"),
}


class BuildProject(Construct):
    """A CodeBuild project that takes its source from a pipeline and returns its artifacts to it.

    The build container is privileged, because Docker needs it; it runs only the team's own buildspec.

    name: 2 to 150 characters.
    role_name: the name of the builds' service role, public as ``role``; at most 64 characters. Only
        writing the log is granted here; grant the rest to ``role``.
    architecture: the CPU architecture of the images; builds run on the same.
    encryption_key_arn: the key that encrypts the build's output; the ARN of a key or of an alias.
    variables: environment variables of every build. Never secrets: the console shows them.
    log_group: receives the output of builds.
    timeout_minutes: a build that takes longer is stopped, in minutes. Default: 30.
    compute_type: CodeBuild's compute type. Default: ``BUILD_GENERAL1_SMALL``, 4 GB and 2 vCPUs.

    >>> from constructs_lib.key import Key, logs_use
    >>> key = Key(stack, "key", description="Builds.", alias="alias/builds",
    ...     services=[logs_use(stack.place)])
    >>> build = BuildProject(stack, "build", name="my-app-build", role_name="my-app-build",
    ...     architecture="arm64", encryption_key_arn=key.arn,
    ...     log_group=LogGroup(stack, "log", name="/my-app/build", key=key),
    ...     variables={"SERVICE": "my-app"})
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        role_name: str,
        architecture: Literal["x86_64", "arm64"],
        encryption_key_arn: str,
        log_group: LogGroup,
        variables: Mapping[str, str],
        timeout_minutes: int = 30,
        compute_type: str = "BUILD_GENERAL1_SMALL",
    ) -> None:
        super().__init__(scope, id)
        self.place = place_of(scope)
        self.name = name
        self.arn = self.place.arn("codebuild", f"project/{name}")
        self.role = self._role(role_name)
        log_group.grant_write(self.role, "write-log")
        container, image = ENVIRONMENTS[architecture]
        self.resource = CodebuildProject(
            self,
            "project",
            name=name,
            description="Builds the image, pushes it, and packages the revision that deploys it.",
            service_role=self.role.arn,
            build_timeout=timeout_minutes,
            queued_timeout=60,
            encryption_key=encryption_key_arn,
            source=CodebuildProjectSource(type="CODEPIPELINE", buildspec="buildspec.yml"),
            artifacts=CodebuildProjectArtifacts(type="CODEPIPELINE"),
            environment=CodebuildProjectEnvironment(
                type=container,
                image=image,
                compute_type=compute_type,
                privileged_mode=True,
                environment_variable=[
                    CodebuildProjectEnvironmentEnvironmentVariable(name=key, value=value)
                    for key, value in variables.items()
                ],
            ),
            logs_config=CodebuildProjectLogsConfig(
                cloudwatch_logs=CodebuildProjectLogsConfigCloudwatchLogs(
                    status="ENABLED", group_name=log_group.name
                )
            ),
        )

    def _role(self, name: str) -> Role:
        # docs.aws.amazon.com/codebuild/latest/userguide/cross-service-confused-deputy-prevention.html
        return Role(
            self,
            "role",
            name=name,
            description="Builds push images and package revisions.",
            trust=assumed_by(
                "codebuild.amazonaws.com",
                {
                    "StringEquals": {"aws:SourceAccount": self.place.account},
                    "ArnLike": {"aws:SourceArn": self.arn},
                },
            ),
        )
