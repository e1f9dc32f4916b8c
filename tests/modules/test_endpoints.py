"""What hosts reach without a way out is what something on them calls."""

import json
import re
from pathlib import Path

import pytest

from modules.config.endpoints import SERVICES
from modules.config.regions import REGIONS, WITHOUT_AGENT_ENDPOINT
from modules.endpoints import POLL_DEPLOYMENTS
from tests.synthesis import synthesised

ROOT = Path(__file__).parents[2]
ON_HOSTS = (
    *sorted((ROOT / "scripts").glob("*.sh")),
    ROOT / "constructs_lib/user_data.sh",
    ROOT / "constructs_lib/command_project.sh",
)
CALL = re.compile(r"\baws (?P<service>[a-z0-9-]+) ")
ENDPOINTS_OF = {
    "autoscaling": {"autoscaling"},
    "cloudwatch": {"monitoring"},
    "ecr": {"ecr.api", "ecr.dkr"},
    "logs": {"logs"},
    "ssm": {"ssm"},
}
"""The endpoints that a service of the AWS CLI needs on a host: an image is pulled after its login."""
OF_AGENTS = {"codedeploy", "codedeploy-commands-secure", "ssmmessages"}


def called() -> set[str]:
    """The services that scripts on hosts, and of release commands, call with the AWS CLI."""
    return {call["service"] for script in ON_HOSTS for call in CALL.finditer(script.read_text("utf-8"))}


def test_every_service_that_a_script_on_a_host_calls_has_its_endpoint_and_no_other_has() -> None:
    needed = {endpoint for service in called() for endpoint in ENDPOINTS_OF[service]}

    assert set(SERVICES) == needed | OF_AGENTS


@pytest.mark.parametrize("script", ON_HOSTS, ids=lambda script: script.name)
def test_nothing_is_fetched_but_from_buckets_of_aws_and_from_the_host_itself(script: Path) -> None:
    text = script.read_text("utf-8")
    addresses = set(re.findall(r"https?://([^/\s\"]+)", "\n".join(_code(text))))

    of_aws = "aws-codedeploy-${region}.s3.${region}.amazonaws.com"
    assert all(address == of_aws or address.startswith("${ADDRESS}") for address in addresses), addresses


def _code(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.lstrip().startswith("#")]


def test_regions_without_an_endpoint_for_the_agent_are_regions() -> None:
    assert set(REGIONS) >= WITHOUT_AGENT_ENDPOINT


@pytest.mark.parametrize("variant", ["endpoints", "existing-network-with-endpoints"])
def test_the_agent_is_told_of_the_endpoint_and_may_use_it(variant: str) -> None:
    everything = synthesised(variant)
    (template,) = everything.resources("aws_launch_template")
    (role,) = (
        one for one in everything.resources("aws_iam_role_policy") if one["name"] == "poll-deployments"
    )

    assert ":enable_auth_policy: true" in template["user_data"]
    assert "hosts_role" in role["role"]
    assert json.loads(role["policy"])["Statement"] == [POLL_DEPLOYMENTS.render()]


def test_a_network_that_exists_gets_no_endpoints() -> None:
    assert list(synthesised("existing-network-with-endpoints").resources("aws_vpc_endpoint")) == []


def test_without_endpoints_neither_is_so() -> None:
    everything = synthesised("http")

    assert "auth_policy" not in json.dumps(list(everything.stacks.values()))
    assert "codedeploy-commands-secure" not in json.dumps(list(everything.stacks.values()))
