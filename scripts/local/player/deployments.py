"""Carries out deployments of an emulated AWS on hosts, and creates deployments to new hosts."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local.emulator.deployment_reports import deploy_to_new_hosts
from local.player.machines import Machines, commit_of
from local.rehearsal.codedeploy.fleet import PRESENT
from local.rehearsal.codedeploy_agent.agent import SUCCEEDED
from slipway.aws.clients import Aws

if TYPE_CHECKING:
    from mypy_boto3_codedeploy.type_defs import DeploymentInfoTypeDef, RevisionLocationTypeDef

Ended = Callable[[str, str, str], None]
"""Called when a deployment has ended: with its status, its id, and why it failed."""


@dataclass
class Deployments:
    """The deployments of all applications. machines: by application; say: called with a line of progress."""

    aws: Aws
    endpoint: str
    say: Callable[[str], None]
    machines: Callable[[str], Machines]
    _ended: dict[str, Ended] = field(default_factory=dict)

    def begin(self, configuration: Mapping[str, str], bucket: str, build: str, ended: Ended) -> None:
        """Creates the deployment of a pipeline's action. build: the id of the build to deploy."""
        application, group = configuration["ApplicationName"], configuration["DeploymentGroupName"]
        key = f"revisions/{commit_of(build)}.zip"
        place: RevisionLocationTypeDef = {
            "revisionType": "S3",
            "s3Location": {"bucket": bucket, "key": key, "bundleType": "zip"},
        }
        made = self._create(application, group, place)
        self._ended[made] = ended
        self.say(f"{group}: {made} deploys {key}")

    def go_on(self) -> None:
        """Carries out waiting deployments, and creates one for new hosts."""
        for application in self.aws.codedeploy.list_applications()["applications"]:
            groups = self.aws.codedeploy.list_deployment_groups(applicationName=application)
            for group in groups["deploymentGroups"]:
                self._go_on(application, group)

    def _go_on(self, application: str, group: str) -> None:
        known = self._known(application, group)
        waiting = [deployment for deployment in known if deployment["status"] in ("Created", "InProgress")]
        if not known:
            return
        present = self._present(application, group)
        self.machines(application).stand_for(present)
        for deployment in waiting:
            self._carry_out(application, group, deployment, ())
        last = next((deployment for deployment in known if deployment["status"] == "Succeeded"), None)
        new = present - self._deployed_to(known)
        if last and new and not waiting:
            made = deploy_to_new_hosts(self.endpoint, self.aws.region, application, group)
            self.say(f"{group}: {made} deploys to new hosts: {', '.join(sorted(new))}")
            self._carry_out(application, group, self._info(made), new)

    def _carry_out(
        self, application: str, group: str, info: "DeploymentInfoTypeDef", only: Collection[str]
    ) -> None:
        made = info["deploymentId"]
        record = self.machines(application).deploy(made, group, only)
        self.say(f"{group}: {made} {record.status}")
        if ended := self._ended.pop(made, None):
            well = record.status == SUCCEEDED
            ended("Succeeded" if well else "Failed", made, "" if well else f"Deployment {made} failed")

    def _known(self, application: str, group: str) -> "list[DeploymentInfoTypeDef]":
        """The group's deployments, the newest first."""
        listed = self.aws.codedeploy.list_deployments(applicationName=application, deploymentGroupName=group)
        return [self._info(deployment) for deployment in listed["deployments"]]

    def _info(self, deployment: str) -> "DeploymentInfoTypeDef":
        return self.aws.codedeploy.get_deployment(deploymentId=deployment)["deploymentInfo"]

    def _deployed_to(self, known: "Iterable[DeploymentInfoTypeDef]") -> set[str]:
        targets = (
            self.aws.codedeploy.list_deployment_targets(deploymentId=deployment["deploymentId"])
            for deployment in known
        )
        return {target for listed in targets for target in listed["targetIds"]}

    def _present(self, application: str, group: str) -> set[str]:
        info = self.aws.codedeploy.get_deployment_group(
            applicationName=application, deploymentGroupName=group
        )["deploymentGroupInfo"]
        names = [
            auto_scaling_group.get("name", "") for auto_scaling_group in info.get("autoScalingGroups", ())
        ]
        found = self.aws.autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=names)
        return {
            instance["InstanceId"]
            for group_ in found["AutoScalingGroups"]
            for instance in group_["Instances"]
            if instance["LifecycleState"] in PRESENT
        }

    def _create(self, application: str, group: str, revision: "RevisionLocationTypeDef") -> str:
        return self.aws.codedeploy.create_deployment(
            applicationName=application, deploymentGroupName=group, revision=revision
        )["deploymentId"]
