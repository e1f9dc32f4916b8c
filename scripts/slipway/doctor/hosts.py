"""Whether Auto Scaling can start hosts: what it last tried, and the key that encrypts their volumes."""

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
    """Whether the last thing that Auto Scaling tried in each environment succeeded."""
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
                    then=f"correct what AWS names; Auto Scaling tries again by itself. More: {listed}",
                )


def first_boots(found: Project, aws: Aws) -> Iterator[Check]:
    """Whether each host that is in service had to warn of something when it first booted."""
    names = {environment.deployment_group: environment for environment in found.names.environments}
    groups = codedeploy.deployment_groups(aws, found.names.application, list(names))
    scaling = scaling_groups(aws, [asg for each in groups.values() for asg in each.auto_scaling_groups])
    for name, group in groups.items():
        hosts = [one for asg in group.auto_scaling_groups if asg in scaling for one in scaling[asg].instances]
        for host in hosts:
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
    """Whether releases keep Auto Scaling from ending hosts, and whether it goes on afterwards."""
    names = {
        environment.deployment_group: environment.environment for environment in found.names.environments
    }
    groups = codedeploy.deployment_groups(aws, found.names.application, list(names))
    scaling = scaling_groups(aws, [asg for each in groups.values() for asg in each.auto_scaling_groups])
    for name, group in groups.items():
        if group.suspends:
            yield ok("hosts", f"{names[name]}: releases suspend {', '.join(group.suspends)}")
        else:
            yield later(
                "hosts",
                f"{names[name]}: Auto Scaling may end a host in the middle of a release",
                then=command_line("slipway", "hosts", "protect", "--env", names[name]),
            )
        suspended = [
            scaling[auto_scaling_group]
            for auto_scaling_group in group.auto_scaling_groups
            if auto_scaling_group in scaling
        ]
        latest = codedeploy.deployments(aws, found.names.application, group, any)
        if not any(each.in_progress for each in latest):
            yield from (
                todo("hosts", f"{names[name]}: {each.left_suspended[0]}", then=each.left_suspended[1])
                for each in suspended
                if each.suspended
            )


def volumes(found: Project, aws: Aws) -> Iterator[Check]:
    """Whether Auto Scaling may use the key that encrypts volumes where none is named, as hosts' are."""
    key = default_volume_key(aws, found.settings.account)
    if key is None:
        yield ok("hosts", "volumes are encrypted with AWS's own key")
    elif key.for_auto_scaling:
        yield ok("hosts", f"volumes are encrypted with {key.id}, which Auto Scaling may use")
    else:
        yield todo(
            "hosts",
            f"volumes are encrypted with {key.id}, which Auto Scaling may not use: no host will start",
            why="its policy does not name Auto Scaling's role, and no grant does",
            then=f"let the role use the key, by its policy or by a grant: {PAGE}",
        )
