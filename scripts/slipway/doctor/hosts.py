"""Checks that Auto Scaling can start hosts: its last activity, and the key that encrypts volumes."""

from collections.abc import Iterator

from slipway.aws import codedeploy
from slipway.aws.clients import Aws
from slipway.aws.hosts import scaling_activities, scaling_groups
from slipway.aws.logs import first_boot, last_words
from slipway.aws.volume_key import default_volume_key
from slipway.checkout.project import Project
from slipway.console.shell import command_line
from slipway.doctor.check import Check, later, ok, todo

WARNS = "slipway: warning: "  # constructs_lib/user_data.sh
PAGE = "docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html"


def launches(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that the last scaling activity in each environment succeeded."""
    names = {environment.deployment_group: environment for environment in found.names.environments}
    for name, group in codedeploy.deployment_groups(aws, found.names.application, list(names)).items():
        for asg in group.auto_scaling_groups:
            failed = scaling_activities(aws, asg).failed
            if failed is not None:
                at = f"{failed.at:%Y-%m-%d %H:%M} UTC"
                activities = ("aws", "autoscaling", "describe-scaling-activities")
                listed = command_line(*activities, "--auto-scaling-group-name", asg)
                yield todo(
                    "hosts",
                    f"{names[name].environment}: the last activity of Auto Scaling failed, at {at}",
                    why=failed.why + last_words(aws, names[name].log_group("agent"), failed.instance),
                    then=f"solve the problem; Auto Scaling then retries. All activities: {listed}",
                )


def first_boots(found: Project, aws: Aws) -> Iterator[Check]:
    """Check for warnings from the first boot of each host."""
    names = {environment.deployment_group: environment for environment in found.names.environments}
    groups = codedeploy.deployment_groups(aws, found.names.application, list(names))
    scaling = scaling_groups(aws, [asg for group in groups.values() for asg in group.auto_scaling_groups])
    for name, group in groups.items():
        present = [scaling[asg] for asg in group.auto_scaling_groups if asg in scaling]
        for host in (instance for scaling_group in present for instance in scaling_group.instances):
            lines = first_boot(aws, names[name].log_group("agent"), host.id)
            warnings = [line.partition(WARNS)[2] for line in lines if WARNS in line]
            if warnings:
                yield later(
                    "hosts",
                    f"{names[name].environment}: {host.id} warned at its first boot: {'; '.join(warnings)}",
                    then=command_line(
                        *("slipway", "hosts", "renew", "--env", names[name].environment, "--host", host.id)
                    ),
                )


def suspensions(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that releases suspend Auto Scaling processes, and that none is still suspended afterwards."""
    names = {
        environment.deployment_group: environment.environment for environment in found.names.environments
    }
    groups = codedeploy.deployment_groups(aws, found.names.application, list(names))
    scaling = scaling_groups(aws, [asg for group in groups.values() for asg in group.auto_scaling_groups])
    for name, group in groups.items():
        if group.suspends:
            yield ok("hosts", f"{names[name]}: releases suspend {', '.join(group.suspends)}")
        else:
            yield later(
                "hosts",
                f"{names[name]}: Auto Scaling may terminate a host during a release",
                then=f"prevent it: {command_line('slipway', 'hosts', 'protect', '--env', names[name])}",
            )
        suspended = [
            scaling[auto_scaling_group]
            for auto_scaling_group in group.auto_scaling_groups
            if auto_scaling_group in scaling
        ]
        latest = codedeploy.deployments(aws, found.names.application, group, any)
        if not any(deployment.in_progress for deployment in latest):
            for scaling_group in suspended:
                if scaling_group.suspended:
                    problem, cure = scaling_group.left_suspended
                    yield todo("hosts", f"{names[name]}: {problem}", then=cure)


def volumes(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that Auto Scaling may use the region's default key, which encrypts the hosts' volumes."""
    key = default_volume_key(aws, found.settings.account)
    if key is None:
        yield ok("hosts", "volumes are encrypted with the AWS managed key")
    elif key.for_auto_scaling:
        yield ok("hosts", f"volumes are encrypted with {key.id}, which Auto Scaling may use")
    else:
        yield todo(
            "hosts",
            f"volumes are encrypted with {key.id}, which Auto Scaling may not use: no host will start",
            why="neither its key policy nor a grant names Auto Scaling's service-linked role",
            then=f"allow the role in the key policy or by a grant: {PAGE}",
        )
