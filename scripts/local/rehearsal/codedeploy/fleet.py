"""Hosts that come and go with the instances of the Auto Scaling group: each has one that stands for it.

A new host is brought to the last good revision by a deployment of its own, beside whatever is under way;
where a release went past it meanwhile, by another one afterwards (codedeploy/latest/userguide,
integrations-aws-auto-scaling.html). A host whose instance has ended is drained, and then starts anew.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from local.emulator.deployment_reports import deploy_to_new_hosts
from local.rehearsal.codedeploy.service import MINIMUM_HOSTS, CodeDeploy
from local.rehearsal.codedeploy.targets import Instances
from local.rehearsal.machines.host import Host
from local.rehearsal.machines.load_balancer import HaproxyBalancer
from slipway.aws.clients import Aws
from slipway.console.errors import SlipwayError

LOOK = 0.5  # seconds between two looks
PATIENCE = 300.0  # seconds that a change may take
PRESENT = ("InService", "Pending:Wait")


def make_small(aws: Aws, group: str) -> None:
    """Has an Auto Scaling group want as few hosts as a rehearsal plays, with room for one more."""
    aws.autoscaling.update_auto_scaling_group(
        AutoScalingGroupName=group,
        MinSize=MINIMUM_HOSTS,
        MaxSize=MINIMUM_HOSTS + 1,
        DesiredCapacity=MINIMUM_HOSTS,
    )


@dataclass
class RehearsedFleet:
    """The hosts of one Auto Scaling group. hosts: all that there are, one more than instances at least.

    instances: that they stand for now.
    """

    codedeploy: CodeDeploy
    balancer: HaproxyBalancer
    hosts: Sequence[Host]
    instances: Instances
    _leaving: set[str] = field(default_factory=set)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    @property
    def ids(self) -> dict[str, str]:
        """The instances by the names of the hosts that stand for them now."""
        return self.instances.ids

    @property
    def standing(self) -> list[Host]:
        """The hosts that stand for an instance now."""
        return [host for host in self.hosts if host.name in self.ids]

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Follows the group while the block runs."""
        self._start(self._follow())
        try:
            yield
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def desire(self, count: int) -> None:
        """Asks Auto Scaling for so many hosts."""
        await asyncio.to_thread(
            self.codedeploy.clients.autoscaling.set_desired_capacity,
            AutoScalingGroupName=self.codedeploy.scaling_group(),
            DesiredCapacity=count,
        )

    async def until(self, condition: Callable[[], bool]) -> None:
        """Returns once something is so; SlipwayError if it does not come to that."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not condition():
                    self._raise_what_failed()
                    await asyncio.sleep(LOOK)
        except TimeoutError as error:
            raise SlipwayError(f"the hosts are still {self.ids} after {PATIENCE} s") from error

    async def settled(self, count: int) -> None:
        """Returns once there are so many hosts, each up to date, and nothing else is to come or to go."""
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
        """One that failed is kept for who waits."""
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
            free = [each for each in self.hosts if each.name not in {*self.ids, *self._leaving}]
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
        """Requests under way get their answers before its containers go."""
        await self.balancer.deregister(name)
        host = next(each for each in self.hosts if each.name == name)
        await asyncio.to_thread(host.replace)
        self._leaving.discard(name)

    async def _bring(self, host: Host) -> None:
        """Deploys to a new host until it has what the group has."""
        aws, has = self.codedeploy, ""
        while (wanted := await asyncio.to_thread(aws.target)) and wanted != has:
            made = await asyncio.to_thread(
                deploy_to_new_hosts, aws.endpoint, aws.clients.region, aws.application, aws.name
            )
            has = await asyncio.to_thread(aws.key_of, made)
            aws.records[made] = await aws.carry_out(made, self.instances, only={host.name})
            await aws.quiet()
