"""Looks up the resources of the emulated account that a request names, as the service would."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any  # a policy is JSON

from moto.autoscaling.models import autoscaling_backends
from moto.core.exceptions import ServiceException
from moto.ec2.models import EC2Backend, ec2_backends
from moto.iam.models import IAMBackend, iam_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.sns.models import sns_backends
from moto.utilities.utils import get_partition
from werkzeug.exceptions import HTTPException

from local.emulator.deployment_configs import deployment_configs
from local.emulator.strict.parameters import text
from local.emulator.strict.propagation import AT_ONCE, Propagation

MISSING = (ServiceException, HTTPException, KeyError)
LOG_CONTEXT = "kms:EncryptionContext:aws:logs:arn"


@dataclass(frozen=True)
class EmulatedRegion:
    """One region of the account. propagation: when new IAM resources are visible to other services."""

    account: str
    name: str
    propagation: Propagation = field(default=AT_ONCE)

    @property
    def iam(self) -> IAMBackend:
        """The account's roles and instance profiles."""
        return iam_backends[self.account][get_partition(self.name)]

    @property
    def ec2(self) -> EC2Backend:
        """The region's launch templates, images and network."""
        return ec2_backends[self.account][self.name]

    def assumable(self, role_arn: str, service: str) -> bool:
        """Whether a role exists and trusts the service."""
        try:
            role = self.iam.get_role_by_arn(role_arn)
        except MISSING:
            return False
        trust = json.loads(role.assume_role_policy_document)
        trusted = any(
            service in _listed(statement.get("Principal", {}).get("Service"))
            for statement in statements(trust)
        )
        return trusted and self.propagation.reached(role_arn)

    def principal(self, arn: str) -> bool:
        """Whether a policy may name the ARN: one of another account, or an existing role or user."""
        _, _, _, _, account, resource = f"{arn}:::::".split(":")[:6]
        if account != self.account or not resource.startswith(("role/", "user/")) or "*" in arn:
            return True
        name = resource.rpartition("/")[2]
        found = (
            self.iam.users if resource.startswith("user/") else (role.name for role in self.iam.get_roles())
        )
        return name in found

    def profile(self, name_or_arn: str) -> bool:
        """Whether an instance profile exists, has a role and is visible to EC2."""
        name = name_or_arn.rpartition("/")[2]
        try:
            profile = self.iam.get_instance_profile(name)
        except MISSING:
            return False
        return bool(profile.roles) and self.propagation.reached(profile.arn)

    def inline_policies(self, role: str) -> dict[str, str]:
        """The inline policies of a role, by name; none if the role does not exist."""
        try:
            return dict(self.iam.get_role(role).policies)
        except MISSING:
            return {}

    def topic(self, arn: str) -> bool:
        """Whether an SNS topic exists."""
        return arn in sns_backends[self.account][self.name].topics

    def scaling_group(self, name: str) -> bool:
        """Whether an Auto Scaling group exists."""
        return name in autoscaling_backends[self.account][self.name].autoscaling_groups

    def deployment_config(self, name: str) -> bool:
        """Whether a deployment configuration exists; names with AWS's own prefix always do."""
        configs = deployment_configs[self.account][self.name].configs
        return name in configs or name.startswith("CodeDeployDefault.")

    def security_group(self, id_: str) -> bool:
        """Whether a security group exists."""
        return self.ec2.get_security_group_from_id(id_) is not None

    def zones_of(self, subnets: Collection[str]) -> set[str]:
        """The zones of those of the subnets that exist."""
        return {subnet.availability_zone for subnet in self.ec2.describe_subnets() if subnet.id in subnets}

    def takes_load_balancer_logs(self, bucket: str) -> bool:
        """Whether a bucket exists whose policy lets load balancers write."""
        return any(
            statement.get("Effect") == "Allow"
            and "s3:PutObject" in _listed(statement.get("Action"))
            and "logdelivery.elasticloadbalancing.amazonaws.com"
            in _listed(statement.get("Principal", {}).get("Service"))
            for statement in self._bucket_policy(bucket)
        )

    def encrypts_log_group(self, key: str, log_group: str) -> bool:
        """Whether a key exists whose policy lets CloudWatch Logs use it for this log group."""
        try:
            found = kms_backends[self.account][self.name].describe_key(key)
        except MISSING:
            return False
        arn = f"arn:{get_partition(self.name)}:logs:{self.name}:{self.account}:log-group:{log_group}"
        return any(
            statement.get("Effect") == "Allow"
            and f"logs.{self.name}.amazonaws.com" in _listed(statement.get("Principal", {}).get("Service"))
            and _holds_for(statement, arn)
            for statement in statements(json.loads(found.policy))
        )

    def _bucket_policy(self, bucket: str) -> list[dict[str, Any]]:
        buckets = s3_backends[self.account][get_partition(self.name)].buckets
        if bucket not in buckets or buckets[bucket].policy is None:
            return []
        return list(statements(json.loads(text(buckets[bucket].policy))))


def _holds_for(statement: dict[str, Any], arn: str) -> bool:
    """Whether the statement's condition on log groups, if it has one, holds for this one."""
    patterns = [
        pattern
        for condition in statement.get("Condition", {}).values()
        for key, value in condition.items()
        if key == LOG_CONTEXT
        for pattern in _listed(value)
    ]
    return not patterns or any(fnmatchcase(arn, pattern) for pattern in patterns)


def statements(policy: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A policy's statements; a single one need not be in a list."""
    found = policy.get("Statement", [])
    yield from found if isinstance(found, list) else [found]


def principals(policy: str) -> Iterator[str]:
    """The ARNs of all principals in a policy; none if it is not JSON."""
    try:
        document = json.loads(policy)
    except ValueError:
        return
    for statement in statements(document):
        for key in ("Principal", "NotPrincipal"):
            named = statement.get(key, {})
            if isinstance(named, dict):
                yield from _listed(named.get("AWS"))


def _listed(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])
