"""The KMS key that EC2 encrypts volumes with by default, and whether Auto Scaling may use it."""

import json
from dataclasses import dataclass
from typing import Any  # a policy's JSON

from slipway.aws.clients import Aws
from slipway.aws.keys import key_policy

OF_AWS = "alias/aws/ebs"
ROLE = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
"""Auto Scaling's service-linked role, which starts the instances of a group."""


@dataclass(frozen=True)
class VolumeKey:
    """A customer managed key.

    for_auto_scaling: whether its key policy or a grant names Auto Scaling's service-linked role.
    """

    id: str
    for_auto_scaling: bool


def default_volume_key(aws: Aws, account: str) -> VolumeKey | None:
    """The region's default key for volumes; None if it is AWS's, which every service of the account may use.

    Source: docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
    """
    key = aws.ec2.get_ebs_default_kms_key_id()["KmsKeyId"]
    if key.endswith(OF_AWS):
        return None
    role = f"arn:aws:iam::{account}:{ROLE}"
    return VolumeKey(key, _policy_names(aws, key, role) or _is_granted(aws, key, role))


def _policy_names(aws: Aws, key: str, role: str) -> bool:
    policy = json.loads(key_policy(aws, key))
    statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
    return any(statement["Effect"] == "Allow" and _is_for(statement, role) for statement in statements)


def _is_for(statement: dict[str, Any], role: str) -> bool:
    """Whether a statement's principal is the role, or anyone.

    A statement for the account delegates to the role's own policies, which allow no key.
    """
    principal = statement.get("Principal", {})
    named = principal.get("AWS", ()) if isinstance(principal, dict) else principal
    return bool({role, "*"} & ({named} if isinstance(named, str) else set(named)))


def _is_granted(aws: Aws, key: str, role: str) -> bool:
    pages = aws.kms.get_paginator("list_grants").paginate(KeyId=key)
    return any(grant.get("GranteePrincipal") == role for page in pages for grant in page["Grants"])
