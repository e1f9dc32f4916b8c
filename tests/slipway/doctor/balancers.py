"""An account with a load balancer of a team, and the settings of a service that uses it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator.team_network import create_networks
from tests.settings import BALANCER_GROUP, NETWORK_OF_HOSTS, REGION, Table, one_environment
from tests.slipway.doctor.test_account import Here, of
from tests.slipway.status.world import world

BALANCER: Table = {
    "name": "shared",
    "security_group": BALANCER_GROUP,
    "host_names": ["a.example.com"],
}
VALIDATION = "moto.settings.ACM_VALIDATION_WAIT"
"""For how many seconds a certificate is not issued yet."""


def settings(**keys: object) -> Any:  # noqa: ANN401 - of the environment
    """Settings of an environment behind the load balancer. keys: of load_balancer."""
    return one_environment(network=NETWORK_OF_HOSTS, load_balancer={**BALANCER, **keys})


@contextmanager
def balanced() -> Iterator[Here]:
    """The account; the HTTPS listener has no rules yet, and a certificate for the host names."""
    with pytest.MonkeyPatch.context() as patch, world() as made:
        patch.setattr(VALIDATION, 0)
        create_networks(made.aws, [settings()])
        listener = made.aws.elbv2.modify_listener(
            ListenerArn=listener_of(made.aws), SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06"
        )
        assert listener
        yield Here(made, of(settings(), made))


def let_write(aws: Any, bucket: str, service: str) -> None:  # noqa: ANN401 - the clients
    """Create a bucket, if it is not there, with a policy that lets an AWS service write."""
    with suppress(ClientError):
        aws.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.s3.put_bucket_policy(Bucket=bucket, Policy=policy)


def listener_of(aws: Any) -> str:  # noqa: ANN401 - the clients
    """The ARN of the load balancer's listener."""
    (balancer,) = aws.elbv2.describe_load_balancers(Names=["shared"])["LoadBalancers"]
    (listener,) = aws.elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    return str(listener["ListenerArn"])
