"""Services in the network, behind the load balancer, with the registry and keys that a team had before.

The team's world is made by plain Terraform. Services are applied into it: their next plans are empty, and
once they are destroyed, so is a plan of the team's.
"""

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructs_lib.policy import document

import pytest

from local.emulator import overrides
from local.emulator.process import Emulator, running
from modules import keys
from modules.config.load import settle
from modules.config.names import Names
from modules.config.settings import PipelineSettings
from slipway.aws.clients import Aws
from slipway.terraform.settings import terraform_environment
from tests.integration.planning import Stack, apply_all, destroy, differences, write_all
from tests.settings import (
    ACCOUNT,
    CERTIFICATE_ARN,
    ENVIRONMENT_KEY_ARN,
    KEY_ARN,
    REGION,
    Table,
    environment,
    table,
)
from tests.synthesis import synthesise

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(1200)]

LOGS = "logs-of-the-team"
TEAM = "team-prod"
"""The name of the team's network and load balancer, which is also one of a platform."""
ANYWHERE = "0.0.0.0/0"
NOT_FOUND = {
    "type": "fixed-response",
    "fixed_response": {"content_type": "text/plain", "status_code": "404"},
}


def network(name: str, octet: int) -> dict[str, dict[str, Any]]:
    """A VPC with two public and two private subnets, and a load balancer."""
    vpc = f"${{aws_vpc.{name}.id}}"
    subnets = {
        f"{name}-{tier}-{zone}": {
            "vpc_id": vpc,
            "cidr_block": f"10.{octet}.{number}.0/24",
            "availability_zone": f"{REGION}{zone}",
            "tags": {"Name": f"{name}-{tier}-{zone}", "tier": tier, "network": name},
        }
        for number, (tier, zone) in enumerate((tier, zone) for tier in ("private", "public") for zone in "ab")
    }
    return {
        "aws_vpc": {
            name: {
                "cidr_block": f"10.{octet}.0.0/16",
                "enable_dns_hostnames": True,
                "tags": {"Name": name},
            }
        },
        "aws_subnet": subnets,
        "aws_internet_gateway": {name: {"vpc_id": vpc}},
        "aws_security_group": {
            name: {
                "name": f"{name}-alb",
                "vpc_id": vpc,
                "description": "The load balancer.",
                "tags": {"Name": f"{name}-alb"},
            }
        },
        "aws_lb": {
            name: {
                "name": name,
                "subnets": [f"${{aws_subnet.{name}-public-{zone}.id}}" for zone in "ab"],
                "security_groups": [f"${{aws_security_group.{name}.id}}"],
            }
        },
        "aws_lb_listener": {
            f"{name}-https": {
                "load_balancer_arn": f"${{aws_lb.{name}.arn}}",
                "port": 443,
                "protocol": "HTTPS",
                "certificate_arn": CERTIFICATE_ARN,
                "default_action": [NOT_FOUND],
            },
            f"{name}-http": {
                "load_balancer_arn": f"${{aws_lb.{name}.arn}}",
                "port": 80,
                "protocol": "HTTP",
                "default_action": [NOT_FOUND],
            },
        },
    }


def ways_out(name: str) -> dict[str, dict[str, Any]]:
    """The routes of a network: through a NAT gateway for private subnets."""
    vpc = f"${{aws_vpc.{name}.id}}"
    ways = {
        "private": {"nat_gateway_id": f"${{aws_nat_gateway.{name}.id}}"},
        "public": {"gateway_id": f"${{aws_internet_gateway.{name}.id}}"},
    }
    return {
        "aws_eip": {name: {"domain": "vpc"}},
        "aws_nat_gateway": {
            name: {
                "allocation_id": f"${{aws_eip.{name}.id}}",
                "subnet_id": f"${{aws_subnet.{name}-public-a.id}}",
            }
        },
        "aws_route_table": {f"{name}-{tier}": {"vpc_id": vpc} for tier in ways},
        "aws_route": {
            f"{name}-{tier}": {
                "route_table_id": f"${{aws_route_table.{name}-{tier}.id}}",
                "destination_cidr_block": ANYWHERE,
                **way,
            }
            for tier, way in ways.items()
        },
        "aws_route_table_association": {
            f"{name}-{tier}-{zone}": {
                "subnet_id": f"${{aws_subnet.{name}-{tier}-{zone}.id}}",
                "route_table_id": f"${{aws_route_table.{name}-{tier}.id}}",
            }
            for tier in ways
            for zone in "ab"
        },
    }


def key_policy(arn: str) -> str:
    """The policy that ``slipway permissions --key`` asks for."""
    settings = settle(table(key_arn=KEY_ARN, environments=[environment(key_arn=ENVIRONMENT_KEY_ARN)]))
    return document(*keys.required(Names.of(settings), arn))


OF_THE_ACCOUNT: dict[str, dict[str, Any]] = {
    "aws_ecr_repository": {
        "shared": {"name": "team/shared"},
        "fixed": {"name": "team/fixed", "image_tag_mutability": "IMMUTABLE"},
    },
    "aws_kms_key": {
        "shared": {"policy": key_policy(KEY_ARN)},
        "logs": {"policy": key_policy(ENVIRONMENT_KEY_ARN)},
    },
    "aws_sns_topic": {"on-call": {"name": "on-call"}},
    "aws_route53_zone": {"zone": {"name": "example.com"}},
    "aws_s3_bucket": {"logs": {"bucket": LOGS}},
    "aws_s3_bucket_policy": {
        "logs": {
            "bucket": "${aws_s3_bucket.logs.id}",
            "policy": json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
                            "Action": "s3:PutObject",
                            "Resource": f"arn:aws:s3:::{LOGS}/AWSLogs/{ACCOUNT}/*",
                        }
                    ],
                }
            ),
        }
    },
}
OUTPUTS = {
    "vpc": "aws_vpc.team-prod.id",
    "private_a": "aws_subnet.team-prod-private-a.id",
    "private_b": "aws_subnet.team-prod-private-b.id",
    "public_a": "aws_subnet.team-prod-public-a.id",
    "public_b": "aws_subnet.team-prod-public-b.id",
    "elsewhere": "aws_subnet.other-private-a.id",
    "group": "aws_security_group.team-prod.id",
    "other_group": "aws_security_group.other.id",
    "https": "aws_lb_listener.team-prod-https.arn",
    "http": "aws_lb_listener.team-prod-http.arn",
    "topic": "aws_sns_topic.on-call.arn",
    "shared_key": "aws_kms_key.shared.arn",
    "log_key": "aws_kms_key.logs.arn",
}


def world() -> Stack:
    """Everything that the team had before: two networks with a load balancer each, and what is shared."""
    resources: dict[str, dict[str, Any]] = dict(OF_THE_ACCOUNT)
    for made in (network(TEAM, 50), ways_out(TEAM), network("other", 51)):
        for kind, named in made.items():
            resources[kind] = {**resources.get(kind, {}), **named}
    return {
        "provider": {"aws": [{"region": REGION, **overrides.PROVIDER}]},
        "resource": resources,
        "output": {name: {"value": f"${{{expression}}}"} for name, expression in OUTPUTS.items()},
    }


@dataclass(frozen=True)
class World:
    """The account with the team's resources. ids: by the names of ``OUTPUTS``."""

    emulator: Emulator
    directory: Path
    ids: Mapping[str, str]

    def differences(self) -> list[str]:
        """What a plan of the team's own Terraform would change."""
        return differences(self.directory, self.emulator)


@pytest.fixture(scope="module")
def team(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The team's world, applied by its own Terraform."""
    directory = tmp_path_factory.mktemp("team")
    (directory / "main.tf.json").write_text(json.dumps(world()))
    with running(account=ACCOUNT, region=REGION, existing=[CERTIFICATE_ARN]) as emulator:
        variables = terraform_environment(directory, emulator.environment)
        for arguments in (["init"], ["apply", "-auto-approve", "-parallelism=20"]):
            run(directory, variables, "terraform", *arguments)
        found = json.loads(run(directory, variables, "terraform", "output", "-json"))
        yield World(emulator, directory, {name: output["value"] for name, output in found.items()})


def run(directory: Path, variables: Mapping[str, str], *command: str) -> str:
    done = subprocess.run(command, cwd=directory, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def by_ids(team: World) -> Table:
    ids = team.ids
    return {"vpc": ids["vpc"], "private_subnets": [ids["private_a"], ids["private_b"]]}


BY_TAGS: Table = {
    "vpc_tags": {"Name": TEAM},
    "private_tags": {"tier": "private", "network": TEAM},
}


def pipeline(service: str, host: Table, **keys: object) -> PipelineSettings:
    return settle(table(service=service, environments=[environment(**host)], **keys))


def services(team: World) -> dict[str, PipelineSettings]:
    """One with a load balancer of its own, two with a platform (one of its own), one behind a listener."""
    ids = team.ids
    return {
        "orders": pipeline(
            "orders",
            {
                "network": {**by_ids(team), "public_subnets": [ids["public_a"], ids["public_b"]]},
                "access_log_bucket": LOGS,
                "key_arn": ids["log_key"],
                "certificate_arn": CERTIFICATE_ARN,
            },
            key_arn=ids["shared_key"],
            registry={"repository": "team/shared"},
            alerts={"topic_arn": ids["topic"]},
        ),
        "billing": pipeline(
            "billing",
            {"platform": TEAM, "domain": "billing.example.com", "hosted_zone": "example.com"},
            alerts={"topic_arn": ids["topic"]},
        ),
        "shop": settle(
            table(
                service="shop",
                alerts={"topic_arn": ids["topic"]},
                environments=[
                    environment(cidr="10.60.0.0/16", certificate_arn=CERTIFICATE_ARN),
                    environment(
                        name="qa",
                        platform="shop-staging",
                        load_balancer={"host_names": ["qa.example.com"]},
                    ),
                ],
            )
        ),
        "search": pipeline(
            "search",
            {
                "network": by_ids(team),
                "load_balancer": {
                    "security_group": ids["group"],
                    "listener": ids["https"],
                    "host_names": ["www.example.com"],
                    "paths": ["/search/*"],
                    "priority": 100,
                },
            },
            alerts={"topic_arn": ids["topic"]},
        ),
    }


def _stack(settings: PipelineSettings, which: str) -> Stack:
    """One stack of a pipeline, such as its foundation."""
    return synthesise(settings).stacks[f"{settings.service}-{which}"]


def test_services_are_applied_into_it_and_one_is_destroyed_and_nothing_of_it_changes(
    team: World, tmp_path: Path
) -> None:
    """One foundation, whose registry, topic and key exist, is applied whole; of others, the application."""
    pipelines, services_directory = services(team), tmp_path / "services"
    foundations = {
        f"{name}-foundation": _stack(settings, "foundation") for name, settings in pipelines.items()
    }
    applications = {
        name: stack if name == "orders-foundation" else only(stack, "aws_codedeploy_app")
        for name, stack in foundations.items()
    }
    environments = {name: _stack(settings, "staging") for name, settings in pipelines.items()}
    environments["shop-qa"] = _stack(pipelines["shop"], "qa")
    after = {name: [f"{name.removesuffix('-qa')}-foundation"] for name in environments}
    after["shop-qa"].append("shop")

    apply_all(services_directory, team.emulator, {**applications, **environments}, after)
    assert differences(services_directory, team.emulator) == []
    assert team.differences() == []

    destroy(services_directory, team.emulator, "search")
    assert team.differences() == []


def only(stack: Stack, kind: str) -> Stack:
    """A stack with its resources of one type."""
    kept = {key: value for key, value in stack.items() if key not in {"output", "data"}}
    return {**kept, "resource": {kind: stack["resource"][kind]}}


def test_a_plan_refuses_all_that_a_service_cannot_use(team: World, tmp_path: Path) -> None:
    ids, kms = team.ids, Aws(REGION, team.emulator.environment).kms
    signing = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048")["KeyMetadata"]
    disabled = kms.create_key(KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]
    kms.disable_key(KeyId=disabled["KeyId"])
    balancer: Table = {"name": TEAM, "security_group": ids["group"], "host_names": ["a.example.com"]}
    mistakes: dict[str, tuple[PipelineSettings, str, str]] = {
        "subnet": (
            pipeline(
                "subnet",
                {
                    "network": {"vpc": ids["vpc"], "private_subnets": [ids["elsewhere"]]},
                    "load_balancer": balancer,
                },
            ),
            "staging",
            f"The subnet {ids['elsewhere']} is in vpc-",
        ),
        "one-zone": (
            pipeline(
                "one-zone",
                {
                    "network": {
                        "vpc": ids["vpc"],
                        "private_subnets": [ids["private_b"]],
                        "public_subnets": [ids["public_a"], ids["private_a"]],
                    },
                    "plain_http": True,
                },
            ),
            "staging",
            "The public subnets are in fewer than 2 Availability Zones",
        ),
        "listener": (
            pipeline(
                "listener",
                {
                    "network": by_ids(team),
                    "load_balancer": {
                        "listener": ids["http"],
                        "security_group": ids["group"],
                        "host_names": ["a.example.com"],
                    },
                },
            ),
            "staging",
            "has the protocol HTTP. Name the load balancer's HTTPS listener.",
        ),
        "balancer": (
            pipeline("balancer", {"network": by_ids(team), "load_balancer": {**balancer, "name": "other"}}),
            "staging",
            "The load balancer other is in vpc-",
        ),
        "group": (
            pipeline(
                "group",
                {
                    "network": by_ids(team),
                    "load_balancer": {**balancer, "security_group": ids["other_group"]},
                },
            ),
            "staging",
            f"does not have the security group {ids['other_group']}",
        ),
        "tags": (
            pipeline("tags", {"network": BY_TAGS, "load_balancer": balancer, "zones": 3}),
            "staging",
            "3 private subnets are expected, and 2 have these tags.",
        ),
        "repository": (
            pipeline("repository", {}, registry={"repository": "team/fixed"}),
            "foundation",
            "The repository team/fixed has immutable tags",
        ),
        "signing": (
            pipeline("signing", {"key_arn": signing["Arn"]}),
            "staging",
            f"The key {signing['Arn']} is for SIGN_VERIFY with RSA_2048",
        ),
        "disabled": (
            pipeline("disabled", {}, key_arn=disabled["Arn"]),
            "foundation",
            f"The key {disabled['Arn']} is in the state Disabled",
        ),
    }
    wrong = {name: _stack(settings, which) for name, (settings, which, _) in mistakes.items()}
    variables = write_all(tmp_path / "mistakes", team.emulator, wrong)
    done = subprocess.run(
        ["terraform", "plan", "-no-color"],
        cwd=tmp_path / "mistakes",
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    said = " ".join(done.stderr.replace("│", " ").split())
    assert done.returncode == 1
    assert {name: message for name, (_, _, message) in mistakes.items() if message not in said} == {}, said
