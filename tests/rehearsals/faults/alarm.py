"""What only shows once a release is healthy: an alarm goes off, and CodeDeploy goes back."""

import asyncio
import time
from dataclasses import dataclass

from local.rehearsal.codedeploy.deployment import STOPPED, DeploymentRunner
from local.rehearsal.codedeploy.revisions import Revision
from local.rehearsal.codedeploy.service import CodeDeploy
from local.rehearsal.codedeploy.targets import Instances
from local.rehearsal.codedeploy_agent.host_agents import HostAgents
from local.rehearsal.load_generator import HttpClient
from local.rehearsal.machines.host import Host
from local.rehearsal.results.record import DeploymentRecord
from tests.local.emulator.roles import role
from tests.rehearsals.faults.fault import Fault, Outcome
from tests.rehearsals.faults.fault_testbed import NEW, OLD, SERVICE, FaultTestbed

BUCKET, ALARM, GROUP = "fault-revisions", "fault-errors", "fault-group"
ERRORS_AFTER = 3  # seconds; the health path goes on answering 200
LOOK = 0.2


@dataclass(frozen=True)
class Target:
    """The host in a target group: requests come to it all the while, and an alarm counts those that fail."""

    testbed: FaultTestbed
    host: Host

    async def deregister(self, _host: str) -> None:
        """Nobody asks a host that is out."""

    async def register(self, _host: str) -> None:
        """Asks it, as its users do, until the alarm goes off, or enough was asked to see that none will."""
        connection = HttpClient(self.host.address, self.host.port, keep=False)
        deadline = time.monotonic() + 4 * ERRORS_AFTER
        while time.monotonic() < deadline:
            if (await connection.ask()).failure:
                await asyncio.to_thread(self._alarm)
                return
            await asyncio.sleep(LOOK)

    def _alarm(self) -> None:
        """Goes off; the release that is gone back to does not have the fault."""
        self.testbed.configure()
        self.testbed.clients.cloudwatch.set_alarm_state(
            AlarmName=ALARM, StateValue="ALARM", StateReason="requests fail"
        )


async def _healthy_then_errors(testbed: FaultTestbed) -> Outcome:
    group = DeploymentRunner(
        hosts=[testbed.host],
        balancer=Target(testbed, testbed.host),
        minimum=0,
        agents=HostAgents(testbed.clients.region, SERVICE, GROUP, testbed.directory),
        began=time.monotonic(),
        doing=lambda _words: None,
    )
    codedeploy = CodeDeploy(testbed.clients, testbed.aws.endpoint, SERVICE, GROUP, group)
    instances = Instances({testbed.host.name: "i-0123456789abcdef0"}, arn="", began=time.time())
    _make_group(testbed)
    async with codedeploy.at_work(instances):
        await codedeploy.deploy(_kept(testbed, OLD))
        testbed.configure(SLIPWAY_FAULTS=f"errors:{ERRORS_AFTER}")
        stopped, *rest = await codedeploy.deploy(_kept(testbed, NEW))
    return _outcome(testbed, stopped, rest)


def _outcome(testbed: FaultTestbed, stopped: DeploymentRecord, rest: list[DeploymentRecord]) -> Outcome:
    info = testbed.clients.codedeploy.get_deployment(deploymentId=stopped.id)["deploymentInfo"]
    told = [info.get("errorInformation", {}).get("message", "")]
    told += [f"rolled back by a deployment of {each.commit}, {each.status}" for each in rest]
    return Outcome(stopped.status, "\n".join(told), testbed.host)


def _make_group(testbed: FaultTestbed) -> None:
    """What the stacks make in the account, as far as it matters here."""
    testbed.clients.s3.create_bucket(
        Bucket=BUCKET,
        CreateBucketConfiguration={"LocationConstraint": testbed.clients.region},  # type: ignore[typeddict-item]  # a setting
    )
    testbed.clients.cloudwatch.put_metric_alarm(
        AlarmName=ALARM,
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanThreshold",
        Threshold=0,
        Namespace="faults",
        MetricName="errors",
        Statistic="Sum",
        Period=60,
    )
    testbed.clients.codedeploy.create_application(applicationName=SERVICE)
    testbed.clients.codedeploy.create_deployment_group(
        applicationName=SERVICE,
        deploymentGroupName=GROUP,
        serviceRoleArn=role(testbed.clients, "deploy", "codedeploy"),
        alarmConfiguration={"enabled": True, "alarms": [{"name": ALARM}]},
        autoRollbackConfiguration={"enabled": True, "events": ["DEPLOYMENT_STOP_ON_ALARM"]},
    )


def _kept(testbed: FaultTestbed, commit: str) -> Revision:
    """A release's revision, in S3."""
    key = f"{commit}.zip"
    answer = testbed.clients.s3.put_object(Bucket=BUCKET, Key=key, Body=testbed.bundle(commit).read_bytes())
    return Revision(commit, BUCKET, key, answer["ETag"])


FAULTS = (
    Fault(
        name="healthy, then errors",
        trying=_healthy_then_errors,
        status=STOPPED,
        says=f"rolled back by a deployment of {OLD}, Succeeded",
    ),
)
