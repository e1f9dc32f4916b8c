"""Which deployment groups deploy to an Auto Scaling group, and which instance refreshes it had."""

from collections.abc import Collection

from slipway.aws import codedeploy
from slipway.aws.clients import Aws
from slipway.aws.hosts import REFRESHING


def deployment_groups_on(aws: Aws, groups: Collection[str]) -> dict[str, list[str]]:
    """By Auto Scaling group, the deployment groups that deploy to it, each after its application."""
    found: dict[str, list[str]] = {group: [] for group in groups}
    if not groups:
        return found
    pages = aws.codedeploy.get_paginator("list_applications").paginate()
    for application in [name for page in pages for name in page["applications"]]:
        listed = aws.codedeploy.get_paginator("list_deployment_groups").paginate(applicationName=application)
        names = [name for page in listed for name in page["deploymentGroups"]]
        for name, group in codedeploy.deployment_groups(aws, application, names).items():
            for auto_scaling_group in group.auto_scaling_groups:
                if auto_scaling_group in found:
                    found[auto_scaling_group].append(f"{application}/{name}")
    return {group: sorted(names) for group, names in found.items()}


def last_refresh(aws: Aws, group: str) -> str:
    """The newest instance refresh of an Auto Scaling group, with its status; "" if there was none."""
    answer = aws.autoscaling.describe_instance_refreshes(AutoScalingGroupName=group, MaxRecords=1)
    for refresh in answer["InstanceRefreshes"]:
        status = refresh.get("Status", "")
        when = "in progress" if status in REFRESHING else status.lower()
        return f"{refresh.get('InstanceRefreshId', '')} ({when})"
    return ""
