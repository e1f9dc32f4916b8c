"""A CodeBuild project that runs one command in a container image, inside a VPC."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from constructs_lib.build_project import ENVIRONMENTS
from constructs_lib.log_group import LogGroup
from constructs_lib.named_network import NamedNetwork
from constructs_lib.network import Network
from constructs_lib.place import place_of
from constructs_lib.policy import Statement, assumed_by
from constructs_lib.role import Role
from constructs_lib.security_group import SecurityGroup

from cdktf_cdktf_provider_aws.codebuild_project import (
    CodebuildProject,
    CodebuildProjectArtifacts,
    CodebuildProjectEnvironment,
    CodebuildProjectEnvironmentEnvironmentVariable,
    CodebuildProjectLogsConfig,
    CodebuildProjectLogsConfigCloudwatchLogs,
    CodebuildProjectSource,
    CodebuildProjectVpcConfig,
)
from constructs import Construct

SCRIPT = Path(__file__).with_suffix(".sh")


class CommandProject(Construct):
    """Runs a command in an image, in private subnets, with a role of its own.

    In a pipeline, its source is a revision, whose image.json names the image, and the command is the
    environment variable COMMAND, a JSON list of words. A run that is started directly has no source and
    takes both from the environment variables of the build: IMAGE, by digest, and COMMAND. Anyone who may
    start the project can run any command in it, with all permissions of its role.

    name: 2 to 64 characters; also the name of the role.
    network, security_group: the private subnets that it runs in, and what it may reach.
    architecture: the CPU architecture of the image.
    encryption_key_arn: the key of the pipeline's artifacts; the ARN of a key or of an alias.
    variables: environment variables of every run, in addition to COMMAND. Never secrets.
    log_group: receives the output of commands.
    command: the words of the command that runs if the start of a build sets no COMMAND. Default: none.
    timeout_minutes: a command that takes longer is stopped, in minutes. Default: 30.

    >>> from constructs_lib.key import Key, logs_use
    >>> key = Key(stack, "key", description="Logs.", alias="alias/logs", services=[logs_use(stack.place)])
    >>> log = LogGroup(stack, "log", name="/my-app/run", key=key)
    >>> network = Network(stack, "network", name="my-app", cidr="10.20.0.0/16", zones=2, nat="single",
    ...     log_group=log, flow_log_role_name="my-app-flow-logs")
    >>> migrations = CommandProject(stack, "migrations", name="my-app-run", network=network,
    ...     security_group=SecurityGroup(stack, "group", name="my-app-run", description="Commands.",
    ...         vpc_id=network.vpc_id), architecture="arm64", encryption_key_arn=key.arn,
    ...     log_group=log, variables={}, command=["python", "-m", "app.migrate"])
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        network: Network | NamedNetwork,
        security_group: SecurityGroup,
        architecture: Literal["x86_64", "arm64"],
        encryption_key_arn: str,
        log_group: LogGroup,
        variables: Mapping[str, str],
        command: tuple[str, ...] | list[str] = (),
        timeout_minutes: int = 30,
    ) -> None:
        super().__init__(scope, id)
        self.place = place_of(scope)
        self.name = name
        self.arn = self.place.arn("codebuild", f"project/{name}")
        self.role = self._role(name)
        log_group.grant_write(self.role, "write-log")
        self._allow_network(network, security_group)
        container, image = ENVIRONMENTS[architecture]
        given = {**variables, **({"COMMAND": json.dumps(list(command))} if command else {})}
        self.resource = CodebuildProject(
            self,
            "project",
            name=name,
            description="Runs one command in the service's image.",
            service_role=self.role.arn,
            build_timeout=timeout_minutes,
            queued_timeout=60,
            encryption_key=encryption_key_arn,
            source=CodebuildProjectSource(type="CODEPIPELINE", buildspec=buildspec()),
            artifacts=CodebuildProjectArtifacts(type="CODEPIPELINE"),
            environment=CodebuildProjectEnvironment(
                type=container,
                image=image,
                compute_type="BUILD_GENERAL1_SMALL",
                privileged_mode=True,
                environment_variable=[
                    CodebuildProjectEnvironmentEnvironmentVariable(name=key, value=value)
                    for key, value in given.items()
                ],
            ),
            vpc_config=CodebuildProjectVpcConfig(
                vpc_id=network.vpc_id,
                subnets=network.private_subnet_ids,
                security_group_ids=[security_group.id],
            ),
            logs_config=CodebuildProjectLogsConfig(
                cloudwatch_logs=CodebuildProjectLogsConfigCloudwatchLogs(
                    status="ENABLED", group_name=log_group.name
                )
            ),
            depends_on=self.role.grants,  # CodeBuild checks the network when it creates the project
        )

    def _role(self, name: str) -> Role:
        # docs.aws.amazon.com/codebuild/latest/userguide/cross-service-confused-deputy-prevention.html
        return Role(
            self,
            "role",
            name=name,
            description="Runs commands in the service's image.",
            trust=assumed_by(
                "codebuild.amazonaws.com",
                {
                    "StringEquals": {"aws:SourceAccount": self.place.account},
                    "ArnLike": {"aws:SourceArn": self.arn},
                },
            ),
        )

    def _allow_network(self, network: Network | NamedNetwork, security_group: SecurityGroup) -> None:
        """Grant what CodeBuild needs to run builds in a VPC.

        AWS's example allows the first three actions on every resource; EC2 supports resource-level
        permissions for two of them, so those are narrowed here.
        docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html
        """
        interfaces = self.place.arn("ec2", "network-interface/*")
        self.role.allow(
            "join-network",
            Statement(
                actions=[
                    "ec2:DescribeDhcpOptions",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSecurityGroups",
                    "ec2:DescribeSubnets",
                    "ec2:DescribeVpcs",
                ],
                resources=["*"],
                reason="EC2's describe actions have no resource-level permissions",
            ),
            Statement(
                actions=["ec2:CreateNetworkInterface"],
                resources=[interfaces, *network.private_subnet_arns, security_group.arn],
            ),
            Statement(actions=["ec2:DeleteNetworkInterface"], resources=[interfaces]),
            Statement(
                actions=["ec2:CreateNetworkInterfacePermission"],
                resources=[interfaces],
                conditions={
                    "StringEquals": {"ec2:AuthorizedService": "codebuild.amazonaws.com"},
                    "ArnEquals": {"ec2:Subnet": network.private_subnet_arns},
                },
            ),
        )


def buildspec() -> str:
    """Return the buildspec of every such project as JSON; its commands are in ``command_project.sh``."""
    script = SCRIPT.read_text(encoding="utf-8")
    steps = {"version": 0.2, "env": {"shell": "bash"}, "phases": {"build": {"commands": [script]}}}
    return json.dumps(steps).replace("${", "$${")  # the shell's, not Terraform's
