"""One of the two services: its stacks, its host and its releases."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from local import stacks
from local.emulator.process import Emulator
from local.rehearsal.codedeploy.deployment import DeploymentRunner
from local.rehearsal.codedeploy.revisions import Revision
from local.rehearsal.codedeploy.service import CodeDeploy
from local.rehearsal.codedeploy.targets import Instances
from local.rehearsal.codedeploy_agent.host_agents import HostAgents
from local.rehearsal.commits import Change, Commit
from local.rehearsal.machines.host import Host
from local.rehearsal.machines.load_balancer import HaproxyTargets
from local.rehearsal.results.record import DeploymentRecord
from local.rehearsal.stack_settings import StackSettings
from modules.config.names import EnvironmentNames
from slipway.aws.clients import Aws
from slipway.checkout.project import Project
from slipway.terraform.progress.plain import PlainProgress
from slipway.terraform.stacks.engine import Engine
from slipway.terraform.stacks.manifest import SynthesisedStack
from tests.integration.pipelines import ROOT
from tests.rehearsals import releases
from tests.rehearsals.releases import ImageSource

if TYPE_CHECKING:
    from mypy_boto3_codedeploy.type_defs import DeploymentGroupInfoTypeDef

TEST_STAGE = re.compile(r"^FROM builder AS test\n.*?(?=^FROM )", re.MULTILINE | re.DOTALL)
LOOK = 0.2  # seconds between two checks


def image(fault: str = "") -> Change:
    """The service's image without the stage that tests it, which Docker without BuildKit would build too.

    fault: what every container of it does wrong (app/faults.py). Default: nothing. Images without a fault
    differ in their commit only, so their layers are built once.
    """

    def change(source: Path) -> None:
        dockerfile = source / "app" / "Dockerfile"
        text, found = TEST_STAGE.subn("", dockerfile.read_text("utf-8"))
        assert found == 1, f"{dockerfile} has no stage that tests the service"
        wrong = f'\nENV SLIPWAY_FAULTS="{fault}"\n' if fault else ""
        dockerfile.write_text(text + wrong, encoding="utf-8")

    return change


@dataclass(frozen=True, kw_only=True)
class PlayedService:
    """A service. commits: of its releases, by name."""

    project: Project
    stacks: Mapping[str, SynthesisedStack]
    terraform: Mapping[str, str]
    plan: StackSettings
    aws: Emulator
    clients: Aws
    host: Host
    targets: HaproxyTargets
    host_name: str
    directory: Path
    began: float
    commits: Mapping[str, Commit]
    revisions: dict[str, Revision] = field(default_factory=dict)

    @property
    def names(self) -> EnvironmentNames:
        """The names of its only environment."""
        return self.project.names.environments[0]

    def name_of(self, commit: str) -> str:
        """The name of a commit."""
        return next((name for name, mine in self.commits.items() if mine.hash == commit), commit)

    def codedeploy(self) -> CodeDeploy:
        """CodeDeploy for its deployment group, which has one host: none stays in service meanwhile."""
        application, group = self.plan.application, self.plan.deployment_group
        runner = DeploymentRunner(
            hosts=[self.host],
            balancer=self.targets,
            minimum=0,
            agents=HostAgents(self.clients.region, application, group, self.directory),
            began=self.began,
            doing=lambda _words: None,
        )
        return CodeDeploy(self.clients, self.aws.endpoint, application, group, runner)

    def group(self) -> "DeploymentGroupInfoTypeDef":
        """Its deployment group, as it was applied."""
        return self.clients.codedeploy.get_deployment_group(
            applicationName=self.plan.application, deploymentGroupName=self.plan.deployment_group
        )["deploymentGroupInfo"]

    def instances(self) -> Instances:
        """The instance that the host represents: one of its Auto Scaling group's."""
        (group,) = self.group()["autoScalingGroups"]
        (found,) = self.clients.autoscaling.describe_auto_scaling_groups(
            AutoScalingGroupNames=[group["name"]]
        )["AutoScalingGroups"]
        first = found["Instances"][0]["InstanceId"]
        return Instances.of(self.clients, {self.host.name: first}, self.began)

    async def deploy(self, codedeploy: CodeDeploy, release: str) -> list[DeploymentRecord]:
        """Deploys a release as a pipeline does; the deployment's record, and its rollback's."""
        return await codedeploy.deploy(self.revisions[release])

    def images(self, base: str) -> list[ImageSource]:
        """What the images of its releases are built from."""
        repository = self.project.names.repository
        return [ImageSource(commit.hash, repository, commit.source, base) for commit in self.commits.values()]

    def store_revisions(self, registry: str, digests: Mapping[str, str]) -> None:
        """Puts the revisions of all releases where the hosts find them. registry: its host name."""
        names, app = self.project.names, self.project.settings.app.model_dump_json()
        repository = f"{registry}/{names.repository}"
        for name, commit in self.commits.items():
            image = releases.image_json(repository, commit.hash, digests[commit.hash])
            bundle = releases.write_revision(ROOT, self.directory / f"{commit.hash}.zip", image, app)
            key = f"{names.revision_prefix}{commit.hash}.zip"
            etag = self.clients.s3.put_object(
                Bucket=names.artifact_bucket, Key=key, Body=bundle.read_bytes()
            )["ETag"]
            self.revisions[name] = Revision(commit.hash, names.artifact_bucket, key, etag)

    def configure(self, **parameters: str) -> None:
        """Sets parameters of the service, for containers that start afterwards."""
        for name, value in parameters.items():
            self.clients.ssm.put_parameter(Name=self._parameter(name), Value=value, Type="String")

    def unset(self, parameter: str) -> None:
        """Deletes a parameter."""
        self.clients.ssm.delete_parameter(Name=self._parameter(parameter))

    def _parameter(self, name: str) -> str:
        return f"{self.names.parameter_path}/{name}"

    async def apply_foundation(self) -> None:
        """Applies the foundation's stack."""
        await self._apply(self.project.names.foundation_stack)

    async def apply_environment(self) -> None:
        """Applies the environment's stack."""
        await self._apply(self.names.stack)

    def has_application(self) -> bool:
        """Whether the CodeDeploy application exists: the last that an environment needs of the foundation."""
        return self.plan.application in self.clients.codedeploy.list_applications()["applications"]

    async def _apply(self, name: str) -> None:
        alone = replace(self.stacks[name], dependencies=())
        await stacks.apply(self.aws, [alone], self.terraform, self._progress(name))

    async def destroy_environment(self) -> int:
        """Destroys the environment's stack with Terraform; how many resources that were."""
        stack = self.stacks[self.names.stack]
        engine = Engine((stack,), self.terraform, self._progress(stack.name), stacks.LOCK_TIMEOUT)
        workspace = await engine.init(stack)
        await workspace.plan_destroy()
        return (await workspace.apply_plan()).removed

    def _progress(self, stack: str) -> PlainProgress:
        return PlainProgress([stack], write=lambda _line: None, clock=time.monotonic)
