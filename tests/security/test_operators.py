"""The policies for people allow exactly the calls of the commands.

The commands run in an emulated AWS, where their calls are recorded; IAM is then asked as AWS would ask it.
"""

import io
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from constructs_lib.policy import Statement

import pytest

from local.emulator.account import prepare
from local.emulator.environment import settings
from local.emulator.process import running
from modules import apply_permissions, operator_permissions, viewer_permissions
from modules.config.names import Names
from slipway.aws.clients import Aws
from slipway.checkout import project
from slipway.checkout.project import Project
from slipway.cli import hosts
from slipway.cli.app import app
from slipway.doctor import (
    access_logs,
    alert_topic,
    certificates,
    delivery,
    examination,
    load_balancer,
    network,
)
from slipway.hosts.renewal import HostRenewals
from slipway.releases import watch
from slipway.releases.watch import Follower
from slipway.terraform.state.bootstrap import bootstrap
from slipway.terraform.state.bucket import StateBucket
from tests.security.asked import Asked, asked
from tests.security.evaluation import Decision, Question, evaluate
from tests.security.permissions import permissions
from tests.settings import (
    ACCOUNT,
    CERTIFICATE_ARN,
    CONNECTION_ARN,
    NETWORK_BY_TAGS,
    NETWORK_OF_HOSTS,
    REGION,
    TOPIC_ARN,
    environment,
    minimal,
)
from tests.slipway.accounts import emptied
from tests.slipway.doctor.balancers import BALANCER, let_write
from tests.slipway.recorded import Call, recorded
from tests.slipway.releases.world import World, commit, target

Calls = Mapping[str, list[Call]]
Policy = Callable[[Names], list[Statement]]

OLD, BAD, NEXT = commit(1), commit(2), commit(3)
IMAGE = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
LOOKING = {
    "status": "status --json",
    "releases": "releases --json",
    "watch": "watch --env staging",
    "logs": "logs --source app --source agent --source deploy --source build",
    "list": "config list --env staging",
    "get": "config get LOG_LEVEL --env staging",
    "hosts": "hosts list --env staging",
    "doctor": "doctor --json",
}
ACTING = {
    "reject": "reject --env prod --yes",
    "approve": "approve --env prod --yes",
    "rollback": "rollback --env staging --yes",
    "resume": "resume --env staging --yes",
    "stop": "rollback --env staging --yes --stop-running",
    "deploy": f"deploy --env staging --to {NEXT} --yes",
    "protect": "hosts protect --env staging --yes",
    "renew": "hosts renew --env staging --yes",
    "renew old": "hosts renew --env staging --stale --yes",
    "delete": "config delete LOG_LEVEL --env staging --yes",
    "set": "config set LOG_LEVEL debug --env staging",
    "set a secret": "config set DATABASE_URL --env staging",
    "reveal": "config get DATABASE_URL --env staging --reveal",
    "reveal all": "config list --env staging --reveal",
}
KEY_POLICY = {
    "Effect": "Allow",
    "Principal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:root"]},
    "Action": ["kms:*"],
    "Resource": ["*"],
}
"""The policy of every key: IAM decides."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A service with two releases, hosts, logs and an alarm in ALARM; commands run in its directory."""
    with running(account=ACCOUNT, region=REGION) as emulated, pytest.MonkeyPatch.context() as patch:
        aws = Aws(REGION, settings(emulated.endpoint, REGION))
        made = World("my-app", aws, emulated.endpoint)
        made.make()
        equip(made)
        directory = tmp_path_factory.mktemp("project")
        made.project(directory)
        patch.chdir(directory)
        for module in (project, examination):
            patch.setattr(module, "Aws", lambda _region: aws)
        patch.setattr(watch, "Follower", partial(Follower, sleep=made.go_on))
        played = partial(HostRenewals, sleep=lambda _seconds: deploy_to_new_hosts(made))
        patch.setattr(hosts, "HostRenewals", played)
        found = project.find(directory)
        bootstrap(StateBucket.of(aws, found.settings, found.names), lambda _line: None)
        yield made


def equip(world: World) -> None:
    """Other resources of the environment's stack: hosts in a target group, log groups."""
    aws, staging = world.aws, world.environment("staging")
    network = aws.ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    aws.elbv2.create_target_group(Name=staging.target_group, Protocol="HTTP", Port=8080, VpcId=network)
    template = {"ImageId": IMAGE, "InstanceType": "t3.small"}
    aws.ec2.create_launch_template(LaunchTemplateName=staging.prefix, LaunchTemplateData=template)  # type: ignore[arg-type]
    aws.autoscaling.create_auto_scaling_group(
        AutoScalingGroupName=staging.prefix,
        MinSize=2,
        MaxSize=2,
        AvailabilityZones=[f"{REGION}a"],
        LaunchTemplate={"LaunchTemplateName": staging.prefix},
    )
    aws.codedeploy.update_deployment_group(
        applicationName=world.names.application,
        currentDeploymentGroupName=staging.deployment_group,
        autoScalingGroups=[staging.prefix],
        loadBalancerInfo={"targetGroupInfoList": [{"name": staging.target_group}]},
    )
    pipeline = aws.codepipeline.get_pipeline(name=world.names.delivery_pipeline)["pipeline"]
    pipeline["stages"][0]["actions"][0]["configuration"] = {"ConnectionArn": CONNECTION_ARN}
    aws.codepipeline.update_pipeline(pipeline=pipeline)
    few = (SimpleNamespace(status_code=200), {"Quota": {"Value": 5.0}})  # moto knows hardly any quota
    aws.service_quotas.meta.events.register(
        "before-call.service-quotas.GetServiceQuota", cast(Callable[..., None], lambda **_: few)
    )
    key = aws.kms.create_key()["KeyMetadata"]["Arn"]
    own_key = (SimpleNamespace(status_code=200), {"KmsKeyId": key})
    aws.ec2.meta.events.register(
        "before-call.ec2.GetEbsDefaultKmsKeyId", cast(Callable[..., None], lambda **_: own_key)
    )
    groups = [
        environment.log_group(what)
        for environment in world.names.environments
        for what in ("app", "agent", "deployments")
    ]
    for group in (*groups, world.names.build_log_group):
        aws.logs.create_log_group(logGroupName=group)
    world.build(OLD, BAD, NEXT)
    for each in (OLD, BAD):
        world.deployed("staging", each)
    world.deployed("prod", OLD)
    world.alarm("staging")


@pytest.fixture(scope="module")
def calls(world: World) -> Calls:
    """The calls of each command."""
    staging, prod = world.names.environments
    group = {"applicationName": world.names.application, "deploymentGroupName": prod.deployment_group}
    before: dict[str, Callable[[], object]] = {
        "reject": lambda: world.release(NEXT),
        "approve": lambda: world.release(NEXT),
        "stop": lambda: (world.alarm("staging", "OK"), world.deployed("staging", NEXT, "InProgress")),
        "renew old": lambda: new_template(world.aws, staging.prefix),
        "delete": lambda: put(world.aws, f"{staging.parameter_path}/LOG_LEVEL"),
        "doctor": lambda: world.aws.codedeploy.delete_deployment_group(**group),  # then quotas matter
    }
    made = {}
    for name, command in (ACTING | LOOKING).items():  # in this order: there is more to look at afterwards
        before.get(name, lambda: None)()
        with recorded() as called:
            run(command)
        made[name] = called
    return made


def deploy_to_new_hosts(world: World) -> None:
    """Replaces waiting: completes the last deployment on every host, without a call to AWS."""
    staging = world.environment("staging")
    (group,) = world.aws.autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[staging.prefix])[
        "AutoScalingGroups"
    ]
    ids = [instance["InstanceId"] for instance in group["Instances"]]
    last = world.deployments("staging")[0]["deploymentId"]
    world.report(last, "Succeeded", *(target(each, "Succeeded") for each in ids))


def new_template(aws: Aws, name: str) -> None:
    """A new version of the hosts' launch template, which makes every host stale."""
    template = {"ImageId": IMAGE, "InstanceType": "t3.medium"}
    aws.ec2.create_launch_template_version(LaunchTemplateName=name, LaunchTemplateData=template)  # type: ignore[arg-type]
    aws.autoscaling.update_auto_scaling_group(
        AutoScalingGroupName=name, LaunchTemplate={"LaunchTemplateName": name, "Version": "2"}
    )


def put(aws: Aws, name: str) -> None:
    aws.ssm.put_parameter(Name=name, Value="info", Type="String")


def run(command: str) -> None:
    """Runs a command in this process; ``doctor`` may exit with open points."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"secret\n")))
        try:
            app(command.split(), standalone_mode=False)
        except SystemExit:
            assert command.startswith("doctor")


EXAMINED = (
    network.existing,
    network.overlaps,
    load_balancer.existing,
    certificates.named,
    access_logs.existing,
    alert_topic.existing,
    delivery.registry,
    delivery.subscribers,
)
"""The checks of what exists already."""


def questions(world: World, calls: Calls, names: Iterable[str]) -> list[Asked]:
    """The IAM requests of these commands' calls, each once."""
    found = {str(each): each for name in names for call in calls[name] for each in asked(call, world.names)}
    return list(found.values())


def decisions(world: World, policy: Policy, all_asked: list[Asked]) -> dict[str, Decision]:
    """IAM's decisions for a principal with the policy."""
    identity = tuple(each.render() for each in policy(world.names))
    decided = evaluate(
        Question(
            world.names.role_arn("person"),
            each.action,
            each.resource,
            ACCOUNT,
            context=each.context,
            identity=identity,
            on_resource=(KEY_POLICY,) if each.action.startswith("kms:") else (),
        )
        for each in all_asked
    )
    return dict(zip(map(str, all_asked), decided, strict=True))


def unused(statements: list[Statement], all_asked: list[Asked]) -> list[str]:
    """The permissions that none of the requests needs."""
    return [
        str(permission)
        for permission in permissions(statement.render() for statement in statements)
        if not any(
            fnmatchcase(one.action, permission.action) and fnmatchcase(one.resource, permission.resource)
            for one in all_asked
        )
    ]


def test_a_viewer_may_all_that_the_commands_call_that_look(world: World, calls: Calls) -> None:
    decided = decisions(world, viewer_permissions.viewer, questions(world, calls, LOOKING))
    assert [each for each, decision in decided.items() if decision is not Decision.ALLOWED] == []


def test_an_operator_may_all_that_any_command_calls(world: World, calls: Calls) -> None:
    decided = decisions(world, operator_permissions.operator, questions(world, calls, LOOKING | ACTING))
    assert [each for each, decision in decided.items() if decision is not Decision.ALLOWED] == []


def test_who_applies_may_all_that_doctor_calls(world: World, calls: Calls) -> None:
    decided = decisions(world, apply_permissions.applier, questions(world, calls, ["doctor"]))
    assert [question for question, decision in decided.items() if decision is not Decision.ALLOWED] == []


def test_a_viewer_may_no_call_that_changes_anything_nor_open_a_secret(world: World, calls: Calls) -> None:
    changing = [call for called in calls.values() for call in called if call.changes]
    opening = [each for name in ("reveal", "reveal all") for each in calls[name] if each.service == "ssm"]
    all_asked = [
        each
        for call in (*changing, *opening)
        for each in asked(call, world.names)
        if each.action.startswith("kms:") or call in changing
    ]
    decided = decisions(world, viewer_permissions.viewer, all_asked)
    assert [each for each, decision in decided.items() if decision is Decision.ALLOWED] == []


def test_the_commands_that_look_change_nothing(calls: Calls) -> None:
    assert [call.name for name in LOOKING for call in calls[name] if call.changes] == []


@pytest.mark.parametrize(
    ("policy", "commands"),
    [(viewer_permissions.viewer, LOOKING), (operator_permissions.operator, LOOKING | ACTING)],
    ids=["viewer", "operator"],
)
def test_nothing_is_allowed_that_no_command_calls(
    world: World, calls: Calls, policy: Policy, commands: Mapping[str, str]
) -> None:
    assert unused(policy(world.names), questions(world, calls, commands)) == []


def test_a_viewer_may_all_that_doctor_reads_of_what_exists_and_nothing_else() -> None:
    balancer = {**BALANCER, "egress_rule": False}
    named = minimal(
        registry={"repository": "team/my-app"},
        alerts={"topic_arn": TOPIC_ARN},
        environments=[
            environment(certificate_arn=CERTIFICATE_ARN, network=NETWORK_OF_HOSTS, load_balancer=balancer),
            environment(name="prod", network=NETWORK_BY_TAGS, endpoints=True, access_log_bucket="team-logs"),
        ],
    )
    with emptied() as aws, recorded() as called:
        prepare(aws, named)
        let_write(aws, "team-logs", access_logs.DELIVERY)
        called.clear()
        here = Project(Path(), named, Names.of(named))
        for look in EXAMINED:
            list(look(here, aws))
    asked_for = list({str(one): one for call in called for one in asked(call, here.names)}.values())
    made = cast(World, SimpleNamespace(names=here.names))

    decided = decisions(made, viewer_permissions.viewer, asked_for)

    assert [each for each, decision in decided.items() if decision is not Decision.ALLOWED] == []
    assert unused(viewer_permissions.existing(here.names), asked_for) == []
    assert viewer_permissions.existing(Names.of(minimal())) == []


def test_neither_may_touch_another_service(world: World, calls: Calls) -> None:
    others = [
        Asked(question.action, question.resource.replace("my-app", "other-app"), question.context)
        for question in questions(world, calls, LOOKING | ACTING)
        if "my-app" in question.resource
    ]
    decided = decisions(world, operator_permissions.operator, others)
    assert [each for each, decision in decided.items() if decision is Decision.ALLOWED] == []
