"""A use: an action that a role's work calls, with its resources, its reason and its source."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from modules.config.names import EnvironmentNames
from tests.security.account import Account
from tests.security.evaluation import Context

RECORDED = "recorded"
"""Recorded at the emulated AWS: ``recorded.json`` contains the calls of the real programs."""


@dataclass(frozen=True)
class Use:
    """Actions that a role's work calls on resources.

    actions: as in policies; one with ``*`` is used if AWS's page has it in this form.
    on: ARNs as in a request, or ``*`` if the action has no resource-level permissions.
    source: a page that documents the call, ``recorded``, or ``inferred: …``.
    context: the request's condition keys and their values.
    """

    actions: Sequence[str]
    on: Sequence[str]
    why: str
    source: str
    context: Context = field(default_factory=dict)


SharedUses = Callable[[Account], list[Use]]
EnvironmentUses = Callable[[Account, EnvironmentNames], list[Use]]

AUTHORIZATION = "docs.aws.amazon.com/service-authorization/latest/reference"
CODEBUILD = "docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html"
CODEDEPLOY = "docs.aws.amazon.com/codedeploy/latest/userguide"
CODEPIPELINE = "docs.aws.amazon.com/codepipeline/latest/userguide"
ECR = "docs.aws.amazon.com/AmazonECR/latest/userguide"
LOGS = "docs.aws.amazon.com/AmazonCloudWatch/latest/logs"
SNS_KEYS = "docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"


def streams(log_group: str) -> list[str]:
    """A stream of a log group, by ARN: the resource of CreateLogStream and PutLogEvents."""
    return [f"{log_group}:log-stream:i-0123456789abcdef0"]


def with_key(account: Account, alias: str, **more: str) -> Context:
    """The context of a request for the key of this alias; one that exists already has other aliases."""
    exists = account.key(alias) in account.names.existing_keys
    aliases = ["alias/of-its-owner"] if exists else [alias]
    return {"kms:ResourceAliases": aliases, **{f"kms:{name}": value for name, value in more.items()}}


def publishing(account: Account, what: str, source: str) -> list[Use]:
    """Calls that publish to the encrypted topic."""
    names = account.names
    return [
        Use(["sns:Publish"], [names.topic_arn], what, source),
        Use(
            ["kms:Decrypt", "kms:GenerateDataKey*"],
            [account.key(names.key_alias)],
            "the topic is encrypted, and publishing requires its key",
            SNS_KEYS,
            with_key(account, names.key_alias),
        ),
    ]
