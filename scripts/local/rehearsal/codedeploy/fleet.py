"""Adds and removes hosts with the instances of the Auto Scaling group: one host represents each.

A new host gets the last good revision by its own deployment, at the same time as any other; if a release
changed that revision meanwhile, by another deployment afterwards (codedeploy/latest/userguide,
integrations-aws-auto-scaling.html). A host whose instance was terminated is drained and then reset.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from local.emulator.deployment_reports import deploy_to_new_hosts
from local.rehearsal.codedeploy.service import MINIMUM_HOSTS, CodeDeploy
from local.rehearsal.codedeploy.targets import Instances
from local.rehearsal.machines.host import Host
from local.rehearsal.machines.load_balancer import HaproxyTargets
from slipway.aws.clients import Aws
from slipway.console.errors import SlipwayError

LOOK = 0.5  # seconds between two checks
PATIENCE = 300.0  # seconds
PRESENT = ("InService", "Pending:Wait")


def make_small(aws: Aws, group: str) -> None:
    """Sets an Auto Scaling group's desired capacity to a rehearsal's hosts; its maximum to one more."""
    aws.autoscaling.update_auto_scaling_group(
        AutoScalingGroupName=group,
        MinSize=MINIMUM_HOSTS,
        MaxSize=MINIMUM_HOSTS + 1,
        DesiredCapacity=MINIMUM_HOSTS,
    )


@dataclass
class RehearsedFleet:
    """The hosts of one Auto Scaling group. hosts: all, at least one more than the instances.

    instances: those that the hosts represent now.
    """

    codedeploy: CodeDeploy
    balancer: HaproxyTargets
    hosts: Sequence[Host]
    instances: Instances
    _leaving: set[str] = field(default_factory=set)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    @property
    def ids(self) -> dict[str, str]:
        """The instances now, by the names of the hosts that represent them."""
        return self.instances.ids

    @property
    def standing(self) -> list[Host]:
        """The hosts that represent an instance now."""
        return [host for host in self.hosts if host.name in self.ids]

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Follows the Auto Scaling group while the block runs."""
        self._start(self._follow())
        try:
            yield
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def desire(self, count: int) -> None:
        """Sets the Auto Scaling group's desired capacity."""
        await asyncio.to_thread(
            self.codedeploy.clients.autoscaling.set_desired_capacity,
            AutoScalingGroupName=self.codedeploy.scaling_group(),
            DesiredCapacity=count,
        )

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits until a condition holds; raises SlipwayError after 300 seconds."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not condition():
                    self._raise_what_failed()
                    await asyncio.sleep(LOOK)
        except TimeoutError as error:
            raise SlipwayError(
                f"the hosts did not change as expected within {PATIENCE:.0f} s: {self.ids}"
            ) from error

    async def settled(self, count: int) -> None:
        """Waits until there are ``count`` hosts, all up to date, and none is being added or removed."""
        await self.until(lambda: len(self.ids) == count and len(self._tasks) == 1)

    def _raise_what_failed(self) -> None:
        for task in self._tasks:
            if task.done():
                task.result()

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """Forgets a task that succeeded; a failed one is kept, so that ``until`` raises its error."""
        if task.cancelled() or task.exception() is None:
            self._tasks.discard(task)

    async def _follow(self) -> None:
        while True:
            present = await asyncio.to_thread(self._present)
            for name in [name for name, instance in self.ids.items() if instance not in present]:
                del self.ids[name]
                self._leaving.add(name)
                self._start(self._leave(name))
            new = sorted(present - set(self.ids.values()))
            free = [host for host in self.hosts if host.name not in {*self.ids, *self._leaving}]
            for host, instance in zip(free, new, strict=False):
                self.ids[host.name] = instance
                self.balancer.attach(host.name)
                self._start(self._bring(host))
            await asyncio.sleep(LOOK)

    def _present(self) -> set[str]:
        answer = self.codedeploy.clients.autoscaling.describe_auto_scaling_groups(
            AutoScalingGroupNames=[self.codedeploy.scaling_group()]
        )
        return {
            instance["InstanceId"]
            for group in answer["AutoScalingGroups"]
            for instance in group["Instances"]
            if instance["LifecycleState"] in PRESENT
        }

    async def _leave(self, name: str) -> None:
        """Drains a host before its containers are removed."""
        await self.balancer.deregister(name)
        host = next(host for host in self.hosts if host.name == name)
        await asyncio.to_thread(host.replace)
        self._leaving.discard(name)

    async def _bring(self, host: Host) -> None:
        """Deploys to a new host until it has the group's target revision."""
        aws, has = self.codedeploy, ""
        while (wanted := await asyncio.to_thread(aws.target)) and wanted != has:
            made = await asyncio.to_thread(
                deploy_to_new_hosts, aws.endpoint, aws.clients.region, aws.application, aws.name
            )
            has = await asyncio.to_thread(aws.key_of, made)
            aws.records[made] = await aws.carry_out(made, self.instances, only={host.name})
            await aws.quiet()
