"""Reads a release's settings from an environment's synthesised stack: hosts, target group, deployments."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # Terraform's JSON

from local.rehearsal.machines.target_group import TargetGroupSettings
from slipway.console.errors import SlipwayError

ONE_AT_A_TIME = {"type": "ALL_BUT_ONE", "value": 1}
STACK_FILE = "cdk.tf.json"
HOST_ENV = re.compile(r"^write 0644 /etc/slipway/host\.env <<'(\w+)'\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r'\$\{base64encode\("(.*)"\)\}', re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class StackSettings:
    """The settings of an environment's stack.

    host_env: the text of its hosts' host.env. way_out: whether hosts have a way to the internet.
    """

    target_group: TargetGroupSettings
    application: str
    deployment_group: str
    minimum_healthy: Mapping[str, Any]
    host_env: str
    way_out: bool = True


def read(stack: Path) -> StackSettings:
    """The settings in the directory of a synthesised environment. Raises SlipwayError."""
    resources: dict[str, dict[str, Any]] = json.loads((stack / STACK_FILE).read_text("utf-8"))["resource"]
    group = _only(resources, "aws_codedeploy_deployment_group", stack)
    return StackSettings(
        target_group=_target_group(_only(resources, "aws_lb_target_group", stack)),
        application=group["app_name"],
        deployment_group=group["deployment_group_name"],
        minimum_healthy=_minimum_healthy(group["deployment_config_name"], resources),
        host_env=_host_env(_only(resources, "aws_launch_template", stack)["user_data"]),
        way_out=all(
            endpoint["vpc_endpoint_type"] != "Interface"
            for endpoint in resources.get("aws_vpc_endpoint", {}).values()
        ),
    )


def minimum_healthy(rule: Mapping[str, Any], hosts: int) -> int:
    """How many hosts a deployment keeps in service; a percentage is rounded up.

    docs.aws.amazon.com/codedeploy/latest/userguide/instances-health.html
    """
    if rule["type"] == ONE_AT_A_TIME["type"]:
        return hosts - 1
    if rule["type"] == "HOST_COUNT":
        return int(rule["value"])
    return -(-hosts * int(rule["value"]) // 100)


def _only(resources: Mapping[str, Mapping[str, Any]], kind: str, stack: Path) -> Mapping[str, Any]:
    found = list(resources.get(kind, {}).values())
    if len(found) != 1:
        raise SlipwayError(
            f"{stack.name} has {len(found)} resources of type {kind}, but a rehearsal needs exactly one",
            then="rehearse the environment as committed, or adapt stack_settings.py",
        )
    (resource,) = found
    return resource  # type: ignore[no-any-return]  # Terraform's JSON


def _target_group(group: Mapping[str, Any]) -> TargetGroupSettings:
    check = group["health_check"]
    return TargetGroupSettings(
        name=group["name"],
        health_path=check["path"],
        interval=int(check["interval"]),
        timeout=int(check["timeout"]),
        healthy=int(check["healthy_threshold"]),
        unhealthy=int(check["unhealthy_threshold"]),
        deregistration_delay=int(group["deregistration_delay"]),
    )


def _minimum_healthy(config: str, resources: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """A deployment configuration of AWS's or of the stack.

    docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
    """
    known = {
        "CodeDeployDefault.OneAtATime": ONE_AT_A_TIME,
        "CodeDeployDefault.HalfAtATime": {"type": "FLEET_PERCENT", "value": 50},
        "CodeDeployDefault.AllAtOnce": {"type": "HOST_COUNT", "value": 0},
    }
    if config in known:
        return known[config]
    (own,) = resources["aws_codedeploy_deployment_config"].values()
    rule: Mapping[str, Any] = own["minimum_healthy_hosts"]
    return rule


def _host_env(user_data: str) -> str:
    """The text of host.env, from user data in which it is written, possibly in Terraform's quotes."""
    quoted = QUOTED.fullmatch(user_data)
    script = json.loads(f'"{quoted[1]}"').replace("$${", "${") if quoted else user_data
    found = HOST_ENV.search(script)
    if found is None:
        raise SlipwayError("the hosts' user data does not write /etc/slipway/host.env")
    return found[2]
