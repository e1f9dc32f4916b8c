"""Roles that services assume, for tests: AWS looks whether they are there."""

import json
from contextlib import suppress

from botocore.exceptions import ClientError

from slipway.aws.clients import Aws
from tests.local.emulator.clients import Clients


def trust(service: str) -> str:
    """The policy of a role that a service assumes."""
    principal = {"Service": f"{service}.amazonaws.com"}
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def role(aws: Clients | Aws, name: str, service: str) -> str:
    """The ARN of a role that a service may assume; it is made unless it is there."""
    with suppress(ClientError):
        aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(service))
    return aws.iam.get_role(RoleName=name)["Role"]["Arn"]
