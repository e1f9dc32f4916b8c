"""Simulates CodeDeploy: carries out on the hosts every deployment that is created in the emulated AWS.

The emulator refuses a second deployment, records requests to stop, and creates rollbacks
(local.emulator.gaps.codedeploy_*). This module finds deployments, carries them out, and reports their status.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from local.rehearsal.codedeploy import revisions
from local.rehearsal.codedeploy.deployment import DeploymentRequest, DeploymentRunner
from local.rehearsal.codedeploy.deployment_status import StatusReporter
from local.rehearsal.codedeploy.revisions import Revision
from local.rehearsal.codedeploy.targets import Instances
from local.rehearsal.codedeploy_agent.agent import FAILED
from local.rehearsal.results.record import DeploymentRecord
from slipway.aws.clients import Aws
from slipway.aws.codedeploy import TO_SOME_HOSTS
from slipway.aws.revisions import location_of
from slipway.console.errors import SlipwayError

if TYPE_CHECKING:
    from mypy_boto3_codedeploy.type_defs import DeploymentGroupInfoTypeDef, DeploymentInfoTypeDef

LOOK = 0.2  # seconds between two checks
MINIMUM_HOSTS = 2  # one serves while the other is deployed to
TOO_MANY_FAILED = {
    "code": "HEALTH_CONSTRAINTS",
    "message": "The overall deployment failed because too many individual instances failed deployment, too "
    "few healthy instances are available for deployment, or some instances in your deployment group are "
    "experiencing problems.",
}


class CodeDeploy:
    """CodeDeploy for one deployment group. records: of the deployments that have ended, by their ids.

    minimum: the number of hosts that stay in service, by the number of all. Default: the group's.
    """

    def __init__(
        self,
        clients: Aws,
        endpoint: str,
        application: str,
        name: str,
        group: DeploymentRunner,
        *,
        minimum: Callable[[int], int] | None = None,
    ) -> None:
        self.clients, self.endpoint = clients, endpoint
        self.application, self.name, self.group = application, name, group
        self._minimum = minimum or (lambda _hosts: group.minimum)
        self._under_way = ""
        self.records: dict[str, DeploymentRecord] = {}
        self._working: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def at_work(self, instances: Instances | None = None) -> AsyncIterator[Instances]:
        """Carries out deployments while the block runs; the deployment group has to exist.

        instances: those that the hosts represent. Default: the instances of the group's Auto Scaling groups.
        """
        stood_for = await asyncio.to_thread(self._instances) if instances is None else instances
        self._working = asyncio.create_task(self._work(stood_for))
        try:
            yield stood_for
        finally:
            self._working.cancel()
            with suppress(asyncio.CancelledError):
                await self._working

    @contextmanager
    def agents(self, major: Literal[1, 2]) -> Iterator[None]:
        """Has the hosts' agents be of a major version while the block runs."""
        before = self.group
        self.group = replace(before, agents=replace(before.agents, major=major))
        try:
            yield
        finally:
            self.group = before

    async def deploy(self, revision: Revision) -> list[DeploymentRecord]:
        """Creates a deployment, as a pipeline does; its record, and its rollback's if there is one."""
        answer = await asyncio.to_thread(
            self.clients.codedeploy.create_deployment,
            applicationName=self.application,
            deploymentGroupName=self.name,
            revision={
                "revisionType": "S3",
                "s3Location": {"bucket": revision.bucket, "key": revision.key, "bundleType": "zip"},
            },
        )
        return await self.ended(answer["deploymentId"])

    async def ended(self, deployment: str) -> list[DeploymentRecord]:
        """Waits until a deployment and its rollbacks have ended; their records.

        Raises SlipwayError if the simulated CodeDeploy has stopped.
        """
        while deployment not in self.records:
            if self._working is None or self._working.done():
                raise SlipwayError(
                    f"{deployment} is not carried out: the simulated CodeDeploy has stopped"
                ) from _failure(self._working)
            await asyncio.sleep(LOOK)
        info = self._info(deployment)
        undoing = info.get("rollbackInfo", {}).get("rollbackDeploymentId")
        return [self.records[deployment], *(await self.ended(undoing) if undoing else [])]

    async def _work(self, instances: Instances) -> None:
        while True:
            for deployment in await asyncio.to_thread(self._created):
                self._under_way = deployment
                self.records[deployment] = await self.carry_out(deployment, instances)
                self._under_way = ""
            await asyncio.sleep(LOOK)

    def _created(self) -> Sequence[str]:
        """The deployments that have not begun, at most one; those to new hosts are begun by their creator."""
        answer = self.clients.codedeploy.list_deployments(
            applicationName=self.application,
            deploymentGroupName=self.name,
            includeOnlyStatuses=["Created"],
        )
        return [
            deployment
            for deployment in answer["deployments"]
            if self._info(deployment)["creator"] not in TO_SOME_HOSTS
        ]

    async def carry_out(
        self, deployment: str, instances: Instances, *, only: Collection[str] = ()
    ) -> DeploymentRecord:
        """Carries out a deployment that was created, and reports its status to AWS; its record.

        only: the new hosts that it is for; Auto Scaling's processes are not suspended then. Default: all
        hosts.
        """
        there = [host for host in self.group.hosts if host.name in (only or instances.ids)]
        group = replace(self.group, hosts=there, minimum=0 if only else self._minimum(len(there)))
        instances = replace(instances, ids=dict(instances.ids))
        teller = StatusReporter(self.endpoint, self.clients.region, instances)
        try:
            order = await asyncio.to_thread(self._order, deployment)
        except SlipwayError as error:
            record = group.refuse(deployment)
            await teller.end(record, {"code": "REVISION_MISSING", "message": str(error)})
            return record
        async with AsyncExitStack() as meanwhile:
            if not only:
                await meanwhile.enter_async_context(self._suspended())
            await meanwhile.enter_async_context(teller.also_meanwhile())
            record = await group.carry_out(order, teller.go_on)
        await teller.end(record, TOO_MANY_FAILED if record.status == FAILED else {})
        return record

    @asynccontextmanager
    async def _suspended(self) -> AsyncIterator[None]:
        """Suspends the Auto Scaling processes that the group names while the block runs.

        codedeploy/latest/userguide/integrations-aws-auto-scaling-suspend-processes.html
        """
        info = await asyncio.to_thread(self._group)
        processes = info.get("ec2DeploymentOptions", {}).get("autoScalingGroupProcessesToSuspend", [])
        groups = [
            auto_scaling_group["name"]
            for auto_scaling_group in info.get("autoScalingGroups", ())
            if processes
        ]
        scaling = self.clients.autoscaling
        for group in groups:
            scaling.suspend_processes(AutoScalingGroupName=group, ScalingProcesses=processes)
        try:
            yield
        finally:
            for group in groups:
                scaling.resume_processes(AutoScalingGroupName=group, ScalingProcesses=processes)

    async def quiet(self) -> None:
        """Waits until no release is in progress."""
        while self._under_way:
            await asyncio.sleep(LOOK)

    @property
    def under_way(self) -> str:
        """The id of the release in progress; "" if there is none."""
        return self._under_way

    def target(self) -> str:
        """The S3 key of the group's target revision; "" if nothing was deployed yet."""
        location = self._group().get("targetRevision", {}).get("s3Location", {})
        return location.get("key", "")

    def key_of(self, deployment: str) -> str:
        """The S3 key of a deployment's revision."""
        return self._info(deployment)["revision"]["s3Location"]["key"]

    def scaling_group(self) -> str:
        """The name of the deployment group's Auto Scaling group."""
        return self._group()["autoScalingGroups"][0]["name"]

    def _group(self) -> "DeploymentGroupInfoTypeDef":
        return self.clients.codedeploy.get_deployment_group(
            applicationName=self.application, deploymentGroupName=self.name
        )["deploymentGroupInfo"]

    def _info(self, deployment: str) -> "DeploymentInfoTypeDef":
        return self.clients.codedeploy.get_deployment(deploymentId=deployment)["deploymentInfo"]

    def _order(self, deployment: str) -> DeploymentRequest:
        info = self._info(deployment)
        location = location_of(info["revision"])
        if location is None:
            raise SlipwayError(f"the revision of {deployment} is not in S3")
        undoes = info.get("rollbackInfo", {}).get("rollbackTriggeringDeploymentId", "")
        return DeploymentRequest(deployment, revisions.at(self.clients, location), undoes)

    def _instances(self) -> Instances:
        """The instances of the deployment group's Auto Scaling groups, which the hosts represent."""
        names = [auto_scaling_group["name"] for auto_scaling_group in self._group()["autoScalingGroups"]]
        answer = self.clients.autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=names)
        ids = sorted(
            instance["InstanceId"] for group in answer["AutoScalingGroups"] for instance in group["Instances"]
        )
        hosts = [host.name for host in self.group.hosts]
        if len(ids) < MINIMUM_HOSTS:
            raise SlipwayError(
                f"{', '.join(names)} has {len(ids)} instances, but a rehearsal needs {MINIMUM_HOSTS}",
                then=f"set at least {MINIMUM_HOSTS} hosts for the first environment in pipeline.toml",
            )
        return Instances.of(self.clients, dict(zip(hosts, ids, strict=False)), self.group.began)


def _failure(working: "asyncio.Task[None] | None") -> BaseException | None:
    return None if working is None or working.cancelled() else working.exception()
