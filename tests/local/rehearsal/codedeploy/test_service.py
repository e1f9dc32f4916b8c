"""Deployments that anybody creates in the emulated AWS are carried out, one after the other, and told of."""

import asyncio
import io
import json
import zipfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

import pytest

from local.emulator.deployment_reports import report_deployment
from local.emulator.process import Emulator, running
from local.rehearsal.codedeploy.revisions import Revision
from local.rehearsal.codedeploy.service import CodeDeploy
from local.rehearsal.results.record import DeploymentRecord
from slipway.aws.clients import Aws
from slipway.console.errors import SlipwayError
from tests.local.emulator import hosts
from tests.local.emulator.clients import ACCOUNT, REGION, Clients
from tests.local.emulator.roles import role
from tests.local.rehearsal.fakes import Agents, Balancer, group

BUCKET = "revisions"
HOSTS, TOO_FEW = "two-hosts", "one-host"  # Auto Scaling groups
Commit = str


@dataclass
class Account:
    """An emulated AWS with a deployment group, alone in an application of its name, and revisions in S3."""

    emulator: Emulator
    clients: Aws
    name: str

    def revision(self, commit: Commit) -> Revision:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as bundle:
            image = {"repository": "r/my-app", "commit": commit, "digest": f"sha256:{'0' * 64}"}
            bundle.writestr("image.json", json.dumps(image))
        key = f"{commit}.zip"
        answer = self.clients.s3.put_object(Bucket=BUCKET, Key=key, Body=content.getvalue())
        return Revision(commit, BUCKET, key, answer["ETag"])

    def make_group(self, hosts: str) -> None:
        self.clients.codedeploy.create_application(applicationName=self.name, computePlatform="Server")
        self.clients.codedeploy.create_deployment_group(
            applicationName=self.name,
            deploymentGroupName=self.name,
            serviceRoleArn=role(Clients(self.emulator.endpoint), "deploy", "codedeploy"),
            autoScalingGroups=[hosts],
            autoRollbackConfiguration={"enabled": True, "events": ["DEPLOYMENT_FAILURE"]},
        )

    def codedeploy(self, *failing: Commit) -> CodeDeploy:
        played_by = group(Balancer(), Agents(failing=failing))
        return CodeDeploy(self.clients, self.emulator.endpoint, self.name, self.name, played_by)


@pytest.fixture(scope="module")
def emulated() -> Iterator[Emulator]:
    """An account with two Auto Scaling groups and a bucket."""
    with running(account=ACCOUNT, region=REGION) as emulator:
        clients = Aws(REGION, emulator.environment)
        for name in (HOSTS, TOO_FEW):
            hosts.make_group(Clients(emulator.endpoint), name)
        clients.autoscaling.update_auto_scaling_group(AutoScalingGroupName=HOSTS, DesiredCapacity=2)
        clients.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield emulator


@pytest.fixture
def empty(emulated: Emulator, request: pytest.FixtureRequest) -> Account:
    """The account, without a deployment group for this test."""
    return Account(emulated, Aws(REGION, emulated.environment), request.node.name[:100])


@pytest.fixture
def account(empty: Account) -> Account:
    """The account, with a deployment group of two hosts for this test."""
    empty.make_group(HOSTS)
    return empty


def at_work(
    codedeploy: CodeDeploy, play: Callable[[], Awaitable[list[DeploymentRecord]]]
) -> list[DeploymentRecord]:
    async def work() -> list[DeploymentRecord]:
        async with codedeploy.at_work():
            return await play()

    return asyncio.run(work())


def statuses(records: list[DeploymentRecord]) -> list[tuple[Commit, str]]:
    return [(record.commit, record.status) for record in records]


def test_what_anybody_creates_is_carried_out_and_told_of(account: Account) -> None:
    one = account.revision("one")
    (record,) = at_work(codedeploy := account.codedeploy(), lambda: codedeploy.deploy(one))
    assert statuses([record]) == [("one", "Succeeded")]
    api = account.clients.codedeploy
    assert api.get_deployment(deploymentId=record.id)["deploymentInfo"]["status"] == "Succeeded"
    instances = hosts.hosts(Clients(account.emulator.endpoint), HOSTS)
    targets = api.list_deployment_targets(deploymentId=record.id)["targetIds"]
    assert sorted(targets) == sorted(instances)
    answer = api.batch_get_deployment_targets(deploymentId=record.id, targetIds=targets)
    told = [deployment_target["instanceTarget"] for deployment_target in answer["deploymentTargets"]]
    assert {each["status"] for each in told} == {"Succeeded"}
    assert {event["status"] for each in told for event in each["lifecycleEvents"]} == {"Succeeded"}


@dataclass
class IllMeanwhile(Balancer):
    """During a deployment a host is set unhealthy; records which hosts exist afterwards."""

    aws: Aws | None = None
    ill: str = ""
    there: list[str] = field(default_factory=list)

    async def deregister(self, host: str) -> None:
        assert self.aws
        self.aws.autoscaling.set_instance_health(InstanceId=self.ill, HealthStatus="Unhealthy")
        for _ in range(5):
            self.there = hosts_of(self.aws)
        await super().deregister(host)


def hosts_of(aws: Aws) -> list[str]:
    (found,) = aws.autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[HOSTS])[
        "AutoScalingGroups"
    ]
    return [instance["InstanceId"] for instance in found["Instances"]]


def test_no_host_is_ended_in_the_middle_of_a_release_and_afterwards_it_is(account: Account) -> None:
    aws, name = account.clients, account.name
    aws.codedeploy.update_deployment_group(
        applicationName=name,
        currentDeploymentGroupName=name,
        ec2DeploymentOptions={"autoScalingGroupProcessesToSuspend": ["Terminate", "AZRebalance"]},
    )
    before = hosts_of(aws)
    balancer = IllMeanwhile(aws=aws, ill=before[0])
    codedeploy = CodeDeploy(aws, account.emulator.endpoint, name, name, group(balancer, Agents()))
    (record,) = at_work(codedeploy, lambda: codedeploy.deploy(account.revision("one")))
    assert record.status == "Succeeded"
    assert balancer.there == before

    (scaling,) = aws.autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[HOSTS])[
        "AutoScalingGroups"
    ]
    assert scaling["SuspendedProcesses"] == []
    new = next(host for host in hosts_of(aws) if host not in before)
    target = {"targetId": new, "status": "Succeeded", "lifecycleEvents": []}
    report_deployment(account.emulator.endpoint, REGION, record.id, info={}, targets=[target])
    for _ in range(5):
        now = hosts_of(aws)
    assert before[0] not in now
    assert len(now) == len(before)


def test_one_that_fails_is_undone_by_a_deployment_of_codedeploys_own(account: Account) -> None:
    good, bad = account.revision("good"), account.revision("bad")
    codedeploy = account.codedeploy("bad")

    async def play() -> list[DeploymentRecord]:
        return [*await codedeploy.deploy(good), *await codedeploy.deploy(bad)]

    first, failed, undoing = at_work(codedeploy, play)
    assert statuses([first, failed, undoing]) == [
        ("good", "Succeeded"),
        ("bad", "Failed"),
        ("good", "Succeeded"),
    ]
    assert undoing.rollback_of == failed.id
    info = account.clients.codedeploy.get_deployment(deploymentId=failed.id)["deploymentInfo"]
    assert info["errorInformation"]["code"] == "HEALTH_CONSTRAINTS"
    assert info["deploymentOverview"]["Skipped"] == 1


def test_a_first_deployment_that_fails_has_nothing_to_go_back_to(account: Account) -> None:
    bad = account.revision("bad")
    codedeploy = account.codedeploy("bad")
    assert statuses(at_work(codedeploy, lambda: codedeploy.deploy(bad))) == [("bad", "Failed")]


def test_one_that_is_stopped_meanwhile_ends_so(account: Account) -> None:
    one, codedeploy = account.revision("one"), account.codedeploy()
    stop = account.clients.codedeploy.stop_deployment
    codedeploy.group.agents.played = Stopping(lambda: stop(deploymentId=created()))  # type: ignore[attr-defined]

    def created() -> str:
        api = account.clients.codedeploy
        found = api.list_deployments(applicationName=account.name, deploymentGroupName=account.name)
        return found["deployments"][0]

    assert statuses(at_work(codedeploy, lambda: codedeploy.deploy(one))) == [("one", "Stopped")]


class Stopping(list[str]):
    """What agents note, and somebody who stops the deployment when the first has noted something."""

    def __init__(self, stop: Callable[[], object]) -> None:
        super().__init__()
        self._stop = stop

    def append(self, noted: str) -> None:
        if not self:
            self._stop()
        super().append(noted)


def test_where_there_are_too_few_instances_it_says_so(empty: Account) -> None:
    empty.make_group(TOO_FEW)
    codedeploy = empty.codedeploy()
    with pytest.raises(SlipwayError, match="has 1 instances, but a rehearsal needs 2"):
        at_work(codedeploy, lambda: codedeploy.ended("d-1"))


def test_a_revision_that_is_not_there_fails_the_deployment_and_touches_no_host(account: Account) -> None:
    codedeploy = account.codedeploy()
    gone = Revision("none", BUCKET, "there-is-none.zip", "")
    (record,) = at_work(codedeploy, lambda: codedeploy.deploy(gone))
    assert {host.status for host in record.hosts} == {"Skipped"}
    info = account.clients.codedeploy.get_deployment(deploymentId=record.id)["deploymentInfo"]
    assert info["errorInformation"]["code"] == "REVISION_MISSING"
    assert "there-is-none.zip does not exist any more" in info["errorInformation"]["message"]
